"""So sánh: two plan versions laid over each other, and several drafts beside the plan in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from gisapp.comparing import asked_comparison, chosen, sight
from gisapp.pages.difference_tables import cell_tables, changed_lots, lease_table, workbook_of
from gisapp.present import differences as words
from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.adjustments.comparison import compare, open_cells
from planning.errors import NotFound
from planning.plans.difference import Cell
from planning.plans.difference_sides import version_facts

if TYPE_CHECKING:
    from planning.plans.difference_sides import VersionFacts

pages = Blueprint("differences", __name__)


@pages.get("")
@requires(Permission.READ)
def show() -> str:
    """Choose versions, or see them compared: the first draft in full, the others beside it."""
    with database().reading(seconds=30) as db:
        at, seen = sight(db, shown_day())
        choices = [facts for facts in version_facts(db, at) if facts.zone_id in seen]
        before, afters = chosen(db, at, seen)
        found = (
            [compare(db, at, before, after, zones=[*seen]) for after in afters] if before else []
        )
    if not found:
        return render_template(
            "pages/differences/choose.html", choices=choices, words=words, pick=_proposed(choices)
        )
    return render_template(
        "pages/differences/show.html",
        choices=choices,
        words=words,
        compared=found[0],
        all=found,
        matrix=words.matrix_of(found[0]),
        shifts=[words.shift_rows(each.shifts) for each in found],
        leases=lease_table(found[0]),
        lots=changed_lots(found[0]),
    )


@pages.get("/cell")
@requires(Permission.READ)
def cell() -> str | Response:
    """What lies on the ground of one cell: lots, parcels, live rights, projects."""
    wanted = Cell(
        words.use_of(request.args.get("use", "")), words.use_of(request.args.get("into", ""))
    )
    with database().reading(seconds=30) as db:
        at, seen = sight(db, shown_day())
        before, afters = chosen(db, at, seen)
        if before is None or not afters:
            raise NotFound(kind="plan_version", key="")
        sides = version_facts(db, at, [before, afters[0]])
        opened = open_cells(db, at, before, afters[0], wanted.__eq__, zones=[*seen])
    if opened is None:
        raise NotFound(kind="difference_cell", key=request.args.get("use", "")[:40])
    by_id = {facts.plan_version_id: facts for facts in sides}
    tables = cell_tables(opened)
    if request.args.get("format") == "csv":
        wanted_table = [table for table in tables if table.key == request.args.get("table")]
        return (wanted_table or tables)[0].file(f"{by_id[before].code}-{wanted.before.category}")
    return render_template(
        "pages/differences/cell.html",
        opened=opened,
        words=words,
        before=by_id[before],
        after=by_id[afters[0]],
        tables=tables,
    )


@pages.get("/table.xlsx")
@requires(Permission.READ)
def workbook() -> Response:
    """The comparison as a workbook: matrix, figures, leases, lots."""
    return workbook_of(asked_comparison())


def _proposed(choices: list[VersionFacts]) -> tuple[str, str]:
    """A comparison worth opening: a draft over the plan in force, else what came before it."""
    for facts in choices:
        if not facts.in_force:
            continue
        kin = [each for each in choices if each.plan_id == facts.plan_id]
        newer = [each for each in kin if each.number > facts.number]
        older = [each for each in kin if each.number < facts.number]
        if newer:
            return facts.key, newer[0].key
        if older:
            return older[0].key, facts.key
    return "", ""
