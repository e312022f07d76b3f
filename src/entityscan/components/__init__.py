"""spaCy components: what turns any recogniser's spans into clean names, and adds equipment.

Two factories, registered by entry points, so that ``nlp.add_pipe("entityscan_names")`` works in
anyone's pipeline once entityscan is installed:

* ``entityscan_names`` (``names``) maps the recogniser's labels to ours, trims spans and mends their ``borders``, and
  makes ``additions``: the names that the text itself gives away, such as known names of several words, datelines, a
  name in another script or an acronym in brackets after a name, and further occurrences of names already found.
* ``entityscan_equipment`` (``equipment``) adds military equipment and settles overlaps.

Both read and write ``doc.ents``. Facts that a label cannot hold are kept in ``span._.entityscan``, a
:class:`SpanFacts` (``found``).
"""

from entityscan.components.equipment import make_equipment
from entityscan.components.found import DROPPED, EXTENSION, SpanFacts, facts
from entityscan.components.names import load_labels, make_names

__all__ = ["DROPPED", "EXTENSION", "SpanFacts", "facts", "load_labels", "make_equipment", "make_names"]
