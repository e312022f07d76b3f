"""Articles and mentions to measure with: as many as asked for, the same on every machine.

Articles are shuffled sentences of ``samples/``; each is different, because the same text twice is read once. They are
denser in names than the press, so speed is measured on a corpus of articles as well where there is one.
"""

import json
import random
import re
from pathlib import Path

from entityscan.records import Kind, Mention

SAMPLES = Path(__file__).parents[1] / "samples"
WORDS = 400
"""Words of one article: a short news item."""
_SYLLABLES = "ba do ka li mo ne pu ra si to vu zen gor han tis mar kov bel nar sul der wyn".split()


def sentences() -> list[str]:
    """Give the sentences of the sample articles."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt")))
    return [found for found in re.split(r"(?<=[.!?])\s+|\n+", text) if len(found.split()) > 4]


def write_articles(path: Path, number: int, *, words: int = WORDS) -> int:
    """Write so many different articles as records; give the number of words in all."""
    generator, stock, total = random.Random(number), sentences(), 0
    with path.open("w", encoding="utf-8") as stream:
        for article in range(number):
            text, length = [f"Report {article + 1}."], 0
            while length < words:
                sentence = generator.choice(stock)
                text.append(sentence)
                length += len(sentence.split())
            total += length + 2
            record = {"id": f"article-{article + 1}", "text": " ".join(text)}
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    return total


def copy_articles(corpus: Path, target: Path, number: int) -> int:
    """Write the first articles of a corpus as records, without what annotators found; give the number of words."""
    texts = [json.loads(line)["text"] for line in corpus.read_text("utf-8").splitlines()[:number]]
    records = ({"id": f"article-{place}", "text": text} for place, text in enumerate(texts, start=1))
    target.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return sum(len(text.split()) for text in texts)


def make_mentions(number: int) -> list[Mention]:
    """Make so many mentions, as an archive has them: few names often, most of them once or twice.

    Names are drawn by a power law from a stock that grows with the archive, a third of them in a shorter
    form (a surname, an acronym), in articles of thirty mentions.
    """
    generator = random.Random(number)
    stock = [_name(generator, index) for index in range(max(100, number // 8))]
    mentions = []
    for index in range(number):
        place = min(len(stock) - 1, int(len(stock) * generator.random() ** 3))
        text, kind = stock[place]
        if generator.random() < 1 / 3:
            text = _shorter(text, kind)
        article, position = divmod(index, 30)
        start = 60 * position
        mentions.append(Mention(f"article-{article}", start, start + len(text), text, kind))
    return mentions


def made_word(generator: random.Random, syllables: int) -> str:
    """Make a word with a capital that no language has."""
    return "".join(generator.choices(_SYLLABLES, k=syllables)).capitalize()


def _name(generator: random.Random, index: int) -> tuple[str, Kind]:
    def word() -> str:
        return made_word(generator, generator.randint(2, 3))

    match index % 4:
        case 0:
            return f"{word()} {word()}", Kind.PERSON
        case 1:
            return word(), Kind.PLACE
        case 2:
            return (
                f"{word()} {word()} {generator.choice(['Group', 'Ministry', 'Brigade', 'Bank'])}",
                Kind.ORGANISATION,
            )
        case _:
            letters = "".join(generator.choices("ABFKLMSTX", k=2))
            return f"{letters}-{generator.randint(1, 999)}", Kind.EQUIPMENT


def _shorter(text: str, kind: Kind) -> str:
    if kind is Kind.PERSON:
        return text.split()[-1]
    if kind is Kind.ORGANISATION:
        return "".join(word[0] for word in text.split())
    return f"{text}s" if kind is Kind.EQUIPMENT else text
