"""The legal clocks of a whole board at once, each project looked up by its own keys."""

from alembic import op

from gisapp.migrations import scripts

revision = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the numbered SQL files in order; each is readable on its own."""
    scripts.run(revision)


def downgrade() -> None:
    """Ask the clocks as revision 0015 asks them: the same answers, slower for many projects."""
    former = (scripts.SQL / "0015" / "030_clocks.sql").read_text(encoding="utf-8")
    start = former.index("CREATE FUNCTION land.project_clocks(")
    end = former.index("$$;", start) + len("$$;")
    function = former[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    op.get_bind().exec_driver_sql(function)
