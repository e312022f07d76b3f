"""Military hardware in text: names by catalogue and designation grammar, common nouns by lexicon."""

from entityscan.equipment.finder import EquipmentFinder, Finding, Match

__all__ = ["EquipmentFinder", "Finding", "Match"]
