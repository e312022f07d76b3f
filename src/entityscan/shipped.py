"""The pipeline that ships with the package: its name and its folder. Light, so that help stays instant."""

from pathlib import Path

DEFAULT_MODEL = "en_entityscan_news"
"""Our own pipeline."""


def shipped_model(model: str) -> Path | None:
    """Return the folder of a pipeline that ships with entityscan, or None when ``model`` is another."""
    if model != DEFAULT_MODEL:
        return None
    package = Path(__file__).parent
    folders = (package / "models" / model, package.parents[1] / "models" / model)  # installed; a checkout
    return next((folder for folder in folders if (folder / "config.cfg").is_file()), None)
