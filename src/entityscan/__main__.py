"""``python -m entityscan``."""

from entityscan.cli import main

main()
