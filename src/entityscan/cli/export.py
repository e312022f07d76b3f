"""``entityscan export``: write what a scan file holds."""

from entityscan.cli.console import errors_told
from entityscan.cli.merge import ScanFile
from entityscan.cli.options import Kinds
from entityscan.cli.rows import (
    BY_MENTIONS,
    Choice,
    Format,
    Limit,
    Mentions,
    MinMentions,
    NamedOnly,
    NoRun,
    Output,
    Sort,
    chosen_format,
    write,
)


def export(
    scan_file: ScanFile,
    output_format: Format = None,
    output: Output = None,
    mentions: Mentions = False,
    kind: Kinds = None,
    min_mentions: MinMentions = 1,
    named_only: NamedOnly = False,
    sort: Sort = BY_MENTIONS,
    limit: Limit = None,
    no_run: NoRun = False,
) -> None:
    """Write what a scan file holds, in any format.

    The same bytes that 'extract' wrote.
    """
    with errors_told():
        from entityscan.store import Store

        chosen = chosen_format(output_format, output)
        with Store(scan_file, writing=False, create=False) as store:
            result = store.result()
        rows = Choice(tuple(kind or ()), min_mentions, named_only, sort.value, limit).of(result)
        write(rows, chosen, output, mentions=mentions, run=not no_run)
