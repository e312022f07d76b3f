"""The user's verdicts on rows, applied after every rule: same, different, drop, rename, kind.

A TOML file comes in (``docs/verdicts.md``), rows come in, corrected rows go out.
"""

from entityscan.verdicts.applying import Applied, apply
from entityscan.verdicts.reading import ACTIONS, Verdict, load, parse

__all__ = ["ACTIONS", "Applied", "Verdict", "apply", "load", "parse"]
