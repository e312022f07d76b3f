"""What can go wrong, as exceptions with one-line messages.

::

    EntityscanError          exit code 1
    ├── InputError           a file, line or option value that cannot be read
    ├── PipelineError        no spaCy pipeline, or one that does not fit
    └── DataError            a broken file under ``data/`` or given by the user

A message names the thing, says what is wrong and what to do. Only ``cli`` turns one into text
on stderr and an exit code.
"""


class EntityscanError(Exception):
    """Base of every error that entityscan raises on purpose."""


class InputError(EntityscanError):
    """An input that is no document: missing, unreadable, undecodable or malformed."""


class PipelineError(EntityscanError):
    """A spaCy pipeline that is missing, broken or has labels that are not understood."""


class DataError(EntityscanError):
    """A data file (catalogue, gazetteer, lexicon) that breaks its own schema."""
