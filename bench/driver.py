"""Count what the driver of the Ray engine holds, and what its parts exchange, as an archive grows.

python bench/driver.py scan.sqlite     # a scan file of real articles; writes results/driver.json

Sizes are those of the pickled values that travel.
"""

import argparse
import json
import pickle
from itertools import groupby
from pathlib import Path
from typing import Any

from processes import machine

from entityscan.kinds import add_votes, disputed, votes_of
from entityscan.merging import across, merge_article
from entityscan.records import Mention
from entityscan.signatures import copies
from entityscan.store import Store

RESULT = Path(__file__).parent / "results" / "driver.json"
SHARES = (0.25, 0.5, 1.0)


def weigh(articles: list[list[Mention]], signatures: list[tuple[str, bytes]]) -> dict[str, Any]:
    """Do the steps up to the rows; give numbers and bytes of what the driver or a shuffle holds."""
    votes = add_votes(map(votes_of, articles))
    everywhere = disputed(votes)
    clusters = [one for own in articles for one in merge_article(own, everywhere).clusters]
    persons = across.full_names(clusters)
    links = list(across.spelling_links(across.blocks(persons.values()).values()))
    same = across.same_persons(persons, links)
    mentions = sum(map(len, articles))
    return {
        "articles": len(articles),
        "mentions": mentions,
        "names": len(votes),
        "names_for_all": len(everywhere),
        "names_for_all_bytes": len(pickle.dumps(everywhere)),
        "persons": len(persons),
        "links": len(links),
        "links_bytes": len(pickle.dumps(links)),
        "persons_that_are_another": len(same),
        "near_duplicates": len(copies(signatures)),
        "cluster_bytes_a_mention": round(sum(len(pickle.dumps(one)) for one in clusters) / mentions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("scan_file")
    options = parser.parse_args()
    with Store(options.scan_file, writing=False, create=False) as store:
        articles = [list(own) for _, own in groupby(store.mentions(), key=lambda mention: mention.document)]
        signatures = list(store.signatures())
    found = []
    for share in SHARES:
        own = articles[:: round(1 / share)]
        names = {one[0].document for one in own}
        found.append(weigh(own, [item for item in signatures if item[0] in names]))
    result = {"machine": machine(), "driver": found}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
