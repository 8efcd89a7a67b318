"""The SQL of a revision: numbered files in a folder of its own, each readable alone."""

from pathlib import Path

from alembic import op

SQL = Path(__file__).parent / "sql"


def run(revision: str) -> None:
    """Run the files of a revision in the order of their names, in its transaction."""
    connection = op.get_bind()
    for script in sorted((SQL / revision).glob("*.sql")):
        connection.exec_driver_sql(script.read_text(encoding="utf-8"))
