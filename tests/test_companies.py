"""Companies, agencies and units that a recogniser without a table takes for places or weapons."""

import re

import pytest

from entityscan.companies import company_names


def companies(text: str) -> set[str]:
    """The companies of a text whose doubtful names stand in braces; a weapon's begins with a star."""
    plain, spans = "", []
    for part in re.split(r"(\{[^}]*\})", text):
        start = len(plain)
        plain += part.strip("{}*") if part.startswith("{") else part
        if part.startswith("{"):
            spans.append((start, len(plain), "*" in part))
    return company_names(plain, spans)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{Huta Nowina} rolled out a howitzer.", {"Huta Nowina"}),
        ("The {*Vestby Skibsværft} hopes for work.", {"Vestby Skibsværft"}),
        ("The {*SS-1 Hai Pao} dived past {Velta SIA}.", {"Velta SIA"}),
        ("{Brinelta} builds patrol boats.", {"Brinelta"}),
        ("{Brinelta} has halted its trains.", {"Brinelta"}),
        ("The mine was sold by {Brinelta} to a rival.", {"Brinelta"}),
        ("It bought four engines from {Brinelta} in May.", {"Brinelta"}),
        ("{Brinelta}, a Stockholm fund, lent the money.", {"Brinelta"}),
        ("{Brinelta}'s shares fell.", {"Brinelta"}),
        ("He is chief executive of {Brinelta}.", {"Brinelta"}),
        ("{Brinelta} was hit. The shipbuilder {Brinelta} apologised.", {"Brinelta"}),
        ("{Tarsin} was built by exiles.", set()),
        ("A factory in {Tarsin}, a maker of shells, burned.", set()),
        ("{Poland} builds tanks.", set()),
        ("{TARSIN} BUILDS A BRIDGE", set()),
        ("The {*Korsar} launched its first missile.", set()),
        ("Villagers fled {Tarsin}.", set()),
    ],
)
def test_companies(text: str, names: set[str]) -> None:
    assert companies(text) == names
