"""The tables of a comparison: broken leases, changed lots, what lies in a cell; a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from gisapp.present import differences as words
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.plan_lots import right_columns
from gisapp.present.tables import Column, Listing, as_csv
from gisapp.present.workbook import Sheet, as_workbook
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Response

    from planning.adjustments.comparison import CellContents, Comparison
    from planning.adjustments.touched import Parcel, Project, Right
    from planning.plans.difference import Piece
    from planning.plans.difference_lots import LotChange

ROWS_SHOWN: Final = 200
"""Rows of a table on the page; the file has them all."""


@dataclass(frozen=True)
class Table:
    """A table of a page that has several: its rows in full, the first of them drawn."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    empty: str

    @property
    def drawn(self) -> Sequence[Any]:
        """The rows on the page."""
        return self.rows[:ROWS_SHOWN]

    @property
    def totals(self) -> dict[str, Any]:
        """Sums of the columns that have one."""
        return {
            column.key: sum(column.read(row) or 0 for row in self.rows)
            for column in self.columns
            if column.total and self.rows
        }

    def file(self, name: str) -> Response:
        """All rows as a file for a spreadsheet."""
        return as_csv(Listing(columns=self.columns, rows=self.rows, count=len(self.rows)), name)


def lease_table(compared: Comparison) -> Table:
    """The leases that lose leasable ground."""
    rows: list[tuple[Right, float]] = compared.broken
    return Table(
        "leases",
        _("Hợp đồng thuê bị phá vỡ"),
        right_columns(_("Mất đất cho thuê"), total=True),
        rows,
        _("Không hợp đồng thuê nào mất đất cho thuê."),
    )


def changed_lots(compared: Comparison) -> Table:
    """Every lot that is not as it was."""
    return Table(
        "lots",
        _("Lô thay đổi"),
        [
            Column(
                key="kind",
                label=_("Thay đổi"),
                kind="chip",
                value=lambda change: (
                    words.LOT_CHANGES[change.kind][0],
                    str(words.LOT_CHANGES[change.kind][1]),
                ),
            ),
            Column(key="before", label=_("Lô trước"), value=_symbol_before, nowrap=True),
            Column(key="after", label=_("Lô sau"), value=_symbol_after, nowrap=True),
            Column(key="uses", label=_("Loại đất"), value=_uses),
            _hectares(
                "area_before",
                _("Trước"),
                lambda change: change.before and change.before.area_m2,
                total=True,
            ),
            _hectares(
                "area_after",
                _("Sau"),
                lambda change: change.after and change.after.area_m2,
                total=True,
            ),
            _hectares(
                "moved", _("Ranh khác nhau"), lambda change: change.moved_m2 or None, decimals=4
            ),
            Column(key="fields", label=_("Chỉ tiêu đổi"), value=_fields),
        ],
        compared.lots,
        _("Không lô nào thay đổi."),
    )


def _symbol_before(change: LotChange) -> str | None:
    return change.before.symbol if change.before else None


def _symbol_after(change: LotChange) -> str | None:
    return change.after.symbol if change.after else None


def _uses(change: LotChange) -> str:
    sides = [lot.category for lot in (change.before, change.after) if lot]
    return " → ".join(dict.fromkeys(sides))


def _fields(change: LotChange) -> str:
    told = [
        words.field_change(field)
        for field in change.fields
        if field.name not in ("symbol", "category")
    ]
    return "; ".join(told)


def cell_tables(opened: CellContents) -> list[Table]:
    """Everything that lies on the ground of a cell."""
    here = _("Trong ô này")
    return [
        Table("rights", _("Quyền còn hiệu lực"), right_columns(here), opened.rights,
              _("Không có quyền nào trên phần đất này.")),
        Table("projects", _("Dự án"), _project_columns(here), opened.projects,
              _("Không có dự án nào trên phần đất này.")),
        Table("parcels", _("Thửa đất"), _parcel_columns(here), opened.parcels,
              _("Không có thửa nào trên phần đất này.")),
        Table("lots", _("Lô"), _piece_columns(opened, here), opened.pieces, ""),
    ]  # fmt: skip


def _hectares(
    key: str,
    label: str,
    value: Callable[[Any], Any],
    *,
    decimals: int | None = None,
    total: bool = False,
) -> Column:
    """A column of areas, written in hectares."""
    return Column(
        key=key, label=label, kind="hectares", unit="ha", decimals=decimals, total=total,
        value=value,
    )  # fmt: skip


def _area(label: str, value: Callable[[Any], Any] = itemgetter(1)) -> Column:
    """The ground that lies in what is opened, to the square metre, added up."""
    return _hectares("area", label, value, decimals=4, total=True)


def _project_columns(here: str) -> list[Column]:
    def name(row: tuple[Project, float]) -> str:
        return (language() == "en" and row[0].name_en) or row[0].name_vi

    return [
        Column(key="code", label=_("Mã"), value=lambda row: row[0].code, strong=True),
        Column(key="name", label=_("Tên"), value=name),
        _area(here),
    ]


def _parcel_columns(here: str) -> list[Column]:
    def label(row: tuple[Parcel, float]) -> str:
        return _(
            "thửa %(number)s tờ %(sheet)s", number=row[0].number or "–", sheet=row[0].sheet or "–"
        )

    def on_map(row: tuple[Parcel, float]) -> str:
        return dated_url("map.show", zone=row[0].zone, parcel=row[0].parcel_id)

    return [
        Column(key="parcel", label=_("Thửa"), value=label, link=on_map, strong=True),
        Column(key="zone", label=_("Khu"), value=lambda row: row[0].zone, nowrap=True),
        _hectares("whole", _("Cả thửa"), lambda row: row[0].area_m2, decimals=4),
        _area(here),
    ]


def _piece_columns(opened: CellContents, here: str) -> list[Column]:
    def symbol(side: int) -> Any:
        def read(piece: Piece) -> str | None:
            cover = (opened.laid.before, opened.laid.after)[side]
            place = (piece.before, piece.after)[side]
            return cover.lots[place].symbol if place >= 0 else None

        return read

    return [
        Column(key="before", label=_("Lô trước"), value=symbol(0), strong=True),
        Column(key="after", label=_("Lô sau"), value=symbol(1), strong=True),
        _area(here, lambda piece: piece.area_m2),
    ]


def workbook_of(compared: Comparison) -> Response:
    """The comparison as a workbook: figures, matrix, leases, lots. Areas in m², unrounded."""
    matrix = words.matrix_of(compared)
    names = (words.version_name(compared.before.facts), words.version_name(compared.after.facts))
    heads = [words.use_short(use) for use in matrix.columns]
    grid: list[Sequence[object]] = [
        [words.use_name(use), words.use_short(use), *(cell.area_m2 for cell in cells), total]
        for use, cells, total in matrix.rows
    ]
    grid.append([names[1], "", *matrix.sums, matrix.total])
    figures: list[Sequence[object]] = [
        [row["name"], row["before"], row["after"], row["moved"], row["base"] or "",
         row["base_before"] or "", row["base_after"] or ""]
        for row in words.shift_rows(compared.shifts)
    ]  # fmt: skip
    sheets = [
        Sheet(
            _("Chỉ tiêu"),
            [_("Chỉ tiêu"), names[0], names[1], _("Thay đổi"), _("Mẫu số"), names[0], names[1]],
            figures,
        ),
        Sheet(_("Ma trận (m²)"), [names[0], "", *heads, names[0]], grid),
        *(_sheet(table) for table in (lease_table(compared), changed_lots(compared))),
    ]
    name = (
        f"{compared.before.facts.code}-{compared.before.facts.number}-{compared.after.facts.number}"
    )
    return as_workbook(sheets, name)


def _sheet(table: Table) -> Sheet:
    heads = [
        f"{column.label} (m²)" if column.kind == "hectares" else column.label
        for column in table.columns
    ]
    rows = [[_cell(column.read(row)) for column in table.columns] for row in table.rows]
    return Sheet(table.title, heads, rows)


def _cell(value: object) -> object:
    return value[1] if isinstance(value, tuple) else value
