"""``python -m gisapp.cli`` is ``gisapp``."""

from gisapp.cli import main

main()
