"""Files: short, named by the field, documented, without what was promised away."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import PACKAGES, all_files, browser_files, name, python_files

LONGEST = 400
HAND_WRITTEN = {".py", ".js", ".mjs", ".css", ".html", ".sql", ".sh"}
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc|base_service)($|_)")
OUR_RULES = "tests/architecture/"


def test_no_file_is_longer_than_400_lines() -> None:
    found = {
        name(path): lines
        for path in all_files()
        if path.suffix in HAND_WRITTEN
        and (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    }
    assert found == {}


def test_names_say_something() -> None:
    named = [name(path) for path in python_files(*PACKAGES, "tests")]
    named += [name(path) for path in browser_files(".js", ".html", ".css")]
    assert [
        path
        for path in named
        if any(EMPTY_NAMES.search(part.split(".")[0]) for part in path.split("/"))
        and not path.endswith("common_passwords.txt")
    ] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in python_files(*PACKAGES)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = []
    for path in python_files(*PACKAGES):
        if "migrations/versions" in name(path):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name[0] != "_"]
        bodies = [tree.body, *(found.body for found in classes)]
        for body in bodies:
            for node in body:
                public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
                if public and not ast.get_docstring(node) and not _overrides(node):
                    silent.append(f"{name(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_packages_are_packages() -> None:
    """A folder of modules without ``__init__.py`` would be missing from the wheel."""
    folders = {path.parent for path in python_files(*PACKAGES)}
    without = [name(f) for f in folders if not (f / "__init__.py").exists()]
    assert without == []


def test_nothing_is_skipped() -> None:
    calls = re.compile(r"pytest\.(skip|importorskip|mark\.(skip|skipif|xfail))|unittest\.skip")
    found = [
        name(path)
        for path in python_files("tests")
        if not name(path).startswith(OUR_RULES) and calls.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_our_own_code_is_never_mocked() -> None:
    mocks = re.compile(r"unittest\.mock|monkeypatch\.setattr\(|mocker\b")
    found = [
        name(path)
        for path in python_files("tests")
        if not name(path).startswith(OUR_RULES) and mocks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_browser_tests_do_not_sleep() -> None:
    sleeps = re.compile(r"\bsleep\(|wait_for_timeout\(")
    assert [
        name(path)
        for path in python_files("tests")
        if name(path).startswith("tests/e2e/") and sleeps.search(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("folder", PACKAGES)
def test_packages_tell_type_checkers_that_they_are_typed(folder: str) -> None:
    assert f"{folder}/py.typed" in {name(path) for path in all_files()}


def _overrides(node: ast.stmt) -> bool:
    """Whether a decorator names the base's method or another form of the function as documented."""
    decorators = getattr(node, "decorator_list", [])
    return any(ast.unparse(d).rpartition(".")[2] in ("overload", "override") for d in decorators)
