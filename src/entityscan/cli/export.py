"""``entityscan export``: write what a scan file holds."""

from entityscan.cli.console import errors_told
from entityscan.cli.merge import ScanFile
from entityscan.cli.options import spread
from entityscan.cli.rows import Choice, Target
from entityscan.cli.sources import articles_of
from entityscan.writing import NEED_TEXTS


@spread
def export(scan_file: ScanFile, *, target: Target, choice: Choice) -> None:
    """Write what a scan file holds, in any format.

    The same bytes that 'extract' wrote.
    """
    with errors_told():
        from entityscan.store import Store

        wants_texts = target.chosen() in NEED_TEXTS
        with Store(scan_file, writing=False, create=False) as store:
            result = store.result()
            articles = articles_of(result) if wants_texts else {}
            target.write(choice.of(result), {key: article.text for key, article in articles.items()})
