"""Every refusal can be said in both languages, with numbers and dates as people write them."""

from __future__ import annotations

import importlib
import pkgutil
import string
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import gisapp
import layers
import planning
from gisapp.messages import LOCALES, number, placeholders, render, texts
from gisapp.refusals import Refusal
from layers.errors import LayerError
from planning.errors import PlanningError

ENTRY_POINTS = ("__main__", "env")


def _kinds() -> list[type[Exception]]:
    """Every refusal of ours, after every module has been imported."""
    for package in (gisapp, layers, planning):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            last = module.name.rpartition(".")[2]
            if last not in ENTRY_POINTS and ".versions." not in module.name:
                importlib.import_module(module.name)
    found: list[type[Exception]] = [Refusal, LayerError, PlanningError]
    for kind in found:
        found += [sub for sub in kind.__subclasses__() if sub not in found]
    return [
        kind for kind in found if kind.__module__.split(".")[0] in ("gisapp", "layers", "planning")
    ]


def test_every_refusal_has_a_text_in_both_languages() -> None:
    codes = {kind.code for kind in _kinds()}  # type: ignore[attr-defined]
    assert {locale: sorted(codes - set(texts(locale))) for locale in LOCALES} == {
        locale: [] for locale in LOCALES
    }


def test_every_kind_of_refusal_has_its_own_code() -> None:
    seen: dict[str, type[Exception]] = {}
    for kind in _kinds():
        code: str = kind.code  # type: ignore[attr-defined]
        assert code not in seen, f"{kind} and {seen.get(code)} are both {code}"
        assert set(code) <= set(string.ascii_lowercase + string.digits + "-"), code
        seen[code] = kind


def test_the_two_languages_say_the_same_things_about_the_same_facts() -> None:
    vi, en = texts("vi"), texts("en")
    assert set(vi) == set(en)
    for code in vi:
        assert placeholders(vi[code]) == placeholders(en[code]), code
        assert vi[code].strip() and en[code].strip(), code


@pytest.mark.parametrize(
    ("value", "spec", "vi", "en"),
    [
        (1105.9, "", "1.105,9", "1,105.9"),
        (1105.9, ".2f", "1.105,90", "1,105.90"),
        (Decimal("71.46"), ".1f", "71,5", "71.5"),
        (9210, "", "9210", "9210"),
        (20000, "n", "20.000", "20,000"),
        (date(2025, 3, 1), "", "01/03/2025", "2025-03-01"),
        (datetime(2025, 3, 1, 20, tzinfo=UTC), "", "02/03/2025 03:00", "2025-03-02 03:00"),
        ([1.5, 2.5], "", "1,5, 2,5", "1.5, 2.5"),
        (None, "", "–", "–"),
        ("KCN Đông Mai", "", "KCN Đông Mai", "KCN Đông Mai"),
    ],
)
def test_facts_are_written_as_people_of_the_language_write_them(
    value: object, spec: str, vi: str, en: str
) -> None:
    from gisapp.messages import _LocaleFormatter

    assert _LocaleFormatter("vi").format_field(value, spec) == vi
    assert _LocaleFormatter("en").format_field(value, spec) == en


def test_a_long_list_is_cut_and_says_by_how_much() -> None:
    said = render("cluster-still-in-use", {"path": "p", "pids": list(range(15))}, "en")
    assert said.endswith("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … (+5).")


def test_a_missing_fact_or_text_never_hides_the_refusal() -> None:
    assert "<command>" in render("cluster-programs-missing", {"missing": "PostGIS"}, "en")
    assert render("no-such-code", {}, "vi") == "no-such-code"
    assert render("refused", {}, "fr") == texts("vi")["refused"]


def test_text_of_a_fact_is_never_read_as_a_pattern() -> None:
    said = render("db-not-running", {"x": "{password}"}, "en")
    assert "{" not in said
    assert "{0.__class__}" in render("backup-file-exists", {"file": "{0.__class__}"}, "en")


def test_numbers_of_the_pages() -> None:
    assert number(1234567.891, "vi") == "1.234.567,891"
    assert number(1234567.891, "en", 1) == "1,234,567.9"
    assert number(5, "vi", 0) == "5"
