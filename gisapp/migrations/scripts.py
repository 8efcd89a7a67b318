"""The SQL of a revision: numbered files in a folder of its own, each readable alone."""

import re
from pathlib import Path

from alembic import op

SQL = Path(__file__).parent / "sql"


def run(revision: str) -> None:
    """Run the files of a revision in the order of their names, in its transaction."""
    connection = op.get_bind()
    for script in sorted((SQL / revision).glob("*.sql")):
        connection.exec_driver_sql(script.read_text(encoding="utf-8"))


def function(revision: str, script: str, name: str) -> str:
    """Return the statement by which a revision defined a function: what a downgrade goes back to.

    Raises:
        LookupError: that file does not define it.
    """
    text = (SQL / revision / script).read_text(encoding="utf-8")
    found = re.search(rf"^CREATE (FUNCTION land\.{name}\(.*?\$\$.*?\$\$;\n)", text, re.S | re.M)
    if found is None:
        raise LookupError(name)
    return f"CREATE OR REPLACE {found[1]}"
