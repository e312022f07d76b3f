"""What the folder of a pipeline may ask for before it is loaded, since its config names functions that spaCy calls.

A folder comes in, nothing or an error goes out. Safe to load are the factories of spaCy, of entityscan and of
packages that the user installed, built from architectures, tokenizers and scorers of those listed here. Refused
is whatever else a config can name: callbacks, readers, loggers, functions that open files, and parts of other
pipelines. Files of Python in the folder are never run. Weights are not pickles, except those of torch, which
has refused to call anything from them since 2.6; with an older one a pipeline that needs torch is refused.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.version import Version

from entityscan.errors import PipelineError

_REGISTRIES = frozenset(
    {"architectures", "initializers", "layers", "misc", "scorers", "tokenizers", "vectors"}
)
_OWNERS = frozenset(
    {"entityscan", "spacy", "spacy-curated-transformers", "spacy-legacy", "spacy-transformers"}
)
_OPENS_FILES = re.compile(r"file|load|read|download", re.IGNORECASE)  # spacy.KBFromFile.v1
_NEEDS_TORCH = re.compile(r"torch|transformer", re.IGNORECASE)
_SAFE_TORCH = Version("2.6")
_LANGUAGE = re.compile(r"[a-z]{2,3}")  # the name of a module that spaCy imports
_CALLBACKS = ("before_creation", "after_creation", "after_pipeline_creation")


def vet(folder: Path) -> None:
    """Look through the config of a pipeline's folder, without calling anything that it names.

    Raises:
        PipelineError: when there is no config that can be read, or it asks for what is not safe.
    """
    from spacy.util import load_config

    try:
        config = load_config(folder / "config.cfg", interpolate=False)
    except Exception as err:  # the parser has many errors, all of them about the file
        first_line = (str(err).strip().splitlines() or [type(err).__name__])[0]
        raise PipelineError(f"model {str(folder)!r}: its config.cfg cannot be read: {first_line}") from err
    for problem in _problems(config):
        raise PipelineError(
            f"model {str(folder)!r}: its config.cfg {problem}, which is not run; "
            "take that line out, or install the pipeline as a package that you trust"
        )


def _problems(config: Mapping[str, Any]) -> Iterator[str]:
    nlp = config.get("nlp", {})
    if not _LANGUAGE.fullmatch(str(nlp.get("lang", ""))):
        yield f"names a language {nlp.get('lang')!r}"
    yield from (f"has a callback in {name}" for name in _CALLBACKS if nlp.get(name))
    for name, component in config.get("components", {}).items():
        if "source" in component:
            yield f"takes {name!r} from another pipeline"
    # Other sections are of use in training alone, and spaCy leaves them alone when it loads a pipeline.
    for registry, function in (*_functions(nlp), *_functions(config.get("components", {}))):
        owner = function.partition(".")[0]
        if registry not in _REGISTRIES or owner not in _OWNERS or _OPENS_FILES.search(function):
            yield f"names the function {function!r} of {registry!r}"
        elif _NEEDS_TORCH.search(function) and _torch() < _SAFE_TORCH:
            yield f"names {function!r} with a torch before {_SAFE_TORCH}, which may call what its weights name"


def _torch() -> Version:
    try:
        return Version(version("torch"))
    except PackageNotFoundError:  # the pipeline cannot be loaded then, and spaCy says so
        return _SAFE_TORCH


def _functions(section: Any) -> Iterator[tuple[str, str]]:
    """Yield registry and name of each function in a section."""
    if isinstance(section, Mapping):
        for key, value in section.items():
            if str(key).startswith("@"):
                yield str(key)[1:], str(value)
            yield from _functions(value)
    elif isinstance(section, list | tuple):
        for value in section:
            yield from _functions(value)
