"""The questions written in SQL: one file a question under ``planning/sql``, values always bound."""

from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text


@cache
def statement_text(name: str) -> str:
    """Return the text of ``planning/sql/<name>.sql``."""
    return files("planning").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def statement(name: str) -> TextClause:
    """Return the question of that name; its parameters are written ``:name``."""
    return text(statement_text(name))
