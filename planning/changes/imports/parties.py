"""Parties as rows name them: a name, a tax code written in the ways Excel leaves it."""

from __future__ import annotations

import re
from typing import Final

from layers.fields.names import fold
from planning.changes.imports.draft import Table
from planning.changes.imports.findings import RowFinding
from planning.tenure.commands import NewParty

_TAX_CODE: Final = re.compile(r"\d{10}(-\d{3})?")


def kind_by_name(name: str, kind: str) -> str:
    """The kind of an authority by its name: a management board is none, and has powers of its own.

    >>> kind_by_name("Ban Quản lý Khu kinh tế", "authority"), kind_by_name("UBND tỉnh", "authority")
    ('board', 'authority')
    """
    return "board" if kind == "authority" and fold(name).startswith("banquanly") else kind


def party_of(
    table: Table, position: int, name_field: str, code_field: str, kind: str
) -> tuple[NewParty | None, RowFinding | None]:
    """Return the party a row names, None when it names none, or what is wrong with its tax code.

    Excel drops leading zeros and people drop the hyphen of branches; both are put back.
    """
    name, raw = table.text(name_field, position), table.text(code_field, position)
    if name is None:
        return None, None
    if raw is None:
        return NewParty(name, None, kind), None
    code = re.sub(r"[\s.]", "", raw)
    if code.isdigit() and len(code) == 9:
        code = f"0{code}"
    if code.isdigit() and len(code) == 13:
        code = f"{code[:10]}-{code[10:]}"
    if not _TAX_CODE.fullmatch(code):
        context = {"value": raw, "name": name}
        return None, RowFinding(int(table.rows[position]), "row-tax-code", context, code_field)
    return NewParty(name, code, kind), None
