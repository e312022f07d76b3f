"""Make mentions and, when asked, merge them: a process for hyperfine to time.

python bench/merge_job.py 10000 merge
python bench/merge_job.py 10000 make     # what to subtract
python bench/merge_job.py 10000 archive  # as extract does it: out of a scan file, and into it
python bench/merge_job.py 10000 store    # what to subtract from that
"""

import sys
from itertools import groupby

from texts import make_mentions

from entityscan.merging import merge
from entityscan.records import Document
from entityscan.scanning import merge_stored
from entityscan.store import Store


def main() -> None:
    number, action = int(sys.argv[1]), sys.argv[2]
    mentions = make_mentions(number)
    if action == "merge":
        print(len(merge(mentions)))
    if action not in ("archive", "store"):
        return
    with Store() as store:
        store.begin("bench", {})
        for document, own in groupby(mentions, key=lambda mention: mention.document):
            store.add(store.register(Document(document, ""), document) or 0, list(own))
        store.commit()
        if action == "archive":
            print(len(merge_stored(store)))


if __name__ == "__main__":
    main()
