"""Code: who commits, who reads the environment, where SQL lives, what is swallowed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import PACKAGES, name, python_files

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+.*\sSET|DELETE\s+FROM|CREATE\s+(TABLE|SCHEMA|"
    r"INDEX|FUNCTION|EXTENSION)|ALTER\s+(TABLE|ROLE)|DROP\s+(TABLE|SCHEMA)|WITH\s+\w+\s+AS)\b",
    re.IGNORECASE | re.DOTALL,
)
# the private cluster, the schema's history and the command line maintain the database itself
SQL_ALLOWED = ("gisapp/migrations/", "gisapp/cluster/", "gisapp/db.py")
COMMIT_ALLOWED = ("gisapp/db.py", "gisapp/cli/", "gisapp/migrations/", "gisapp/cluster/")

# the confined worker has an environment of its own: GDAL is told there what it may open
ENVIRONMENT_ALLOWED = (
    "gisapp/config.py",
    "layers/sandbox/",
    "layers/vector/ogr.py",
    "layers/raster/gdal.py",
)


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in python_files(*folders):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _place(path: Path, node: ast.expr | ast.stmt | ast.ExceptHandler) -> str:
    return f"{name(path)}:{node.lineno}"


def test_only_the_database_door_commits() -> None:
    """A call without arguments is a session's or a connection's; ``commit(session, draft)`` is the
    verb of the register, which leaves the transaction to its route.
    """
    found = [
        _place(path, node)
        for path, tree in _trees(*PACKAGES)
        if not name(path).startswith(COMMIT_ALLOWED)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
        and not node.args
    ]
    assert found == []


def test_only_config_reads_the_environment() -> None:
    found = [
        _place(path, node)
        for path, tree in _trees(*PACKAGES)
        if not name(path).startswith(ENVIRONMENT_ALLOWED)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and any(alias.name in ("environ", "getenv") for alias in node.names)
        )
    ]
    assert found == []


def test_no_sql_text_in_the_application() -> None:
    found = [
        _place(path, node)
        for path, tree in _trees("gisapp")
        if not name(path).startswith(SQL_ALLOWED)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert found == []


def test_no_sql_is_put_together_from_strings() -> None:
    """An f-string, ``%`` or ``+`` that begins like SQL, anywhere; psycopg.sql composes instead."""
    found = []
    for path, tree in _trees(*PACKAGES):
        if name(path) == "gisapp/cluster/preparation.py":
            continue  # prints a script for an administrator, executes none of it
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                first = node.values[0] if node.values else None
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
                first = node.left
            else:
                continue
            text = first.value if isinstance(first, ast.Constant) else None
            if isinstance(text, str) and SQL.match(text + " FROM x SET y"):
                found.append(_place(path, node))
    assert found == []


def test_no_error_is_swallowed() -> None:
    found = [
        _place(path, node)
        for path, tree in _trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
    ]
    assert found == []


def test_no_shell() -> None:
    found = [
        _place(path, node)
        for path, tree in _trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func) in ("os.system", "os.popen", "subprocess.getoutput")
            or any(k.arg == "shell" for k in node.keywords)
        )
    ]
    assert found == []


def test_nothing_is_connected_at_import_time() -> None:
    """Engines, pools, applications and settings are made by functions, never by an import."""
    makers = re.compile(
        r"\b(create_engine|ConnectionPool|psycopg\.connect|create_app|config\.load)$"
    )
    found = []
    for path, tree in _trees(*PACKAGES):
        if path.name in ("__main__.py", "env.py"):
            continue
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.If):
                continue
            found += [
                _place(path, node)
                for node in ast.walk(statement)
                if isinstance(node, ast.Call) and makers.search(ast.unparse(node.func))
            ]
    assert found == []


def test_our_errors_carry_facts_never_a_sentence() -> None:
    found = []
    for path, tree in _trees(*PACKAGES):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            raised = ast.unparse(node.exc.func)
            if raised in OUR_ERRORS and node.exc.args:
                found.append(_place(path, node))
    assert found == []


def _our_errors() -> set[str]:
    names = {"Refusal", "LayerError", "PlanningError"}
    while True:
        more = {
            node.name
            for _path, tree in _trees(*PACKAGES)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(ast.unparse(base).rpartition(".")[2] in names for base in node.bases)
        }
        if more <= names:
            return names
        names |= more


OUR_ERRORS = _our_errors()
