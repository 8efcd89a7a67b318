"""A park whose every figure is known by formula: blocks of parcels laid like bricks.

Every block is a plan lot of 240 m × 800 m with sixteen rows of 50 m. Even rows hold twelve parcels
of 20 m; odd rows eleven of 20 m between two of 10 m, so that corners meet sides in their middle
(T-junctions). 200 parcels a block, drawn without the neighbours' corners, as draughtsmen do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from tests.import_files import write_file

EAST, NORTH = 432_000.0, 2_317_000.0
WIDTH, HEIGHT, ROWS, ROW = 240.0, 800.0, 16, 50.0
BLOCK_M2 = WIDTH * HEIGHT
ROW_M2 = WIDTH * ROW
PER_BLOCK = 200
HANDED_OVER = (date(2021, 3, 1), date(2022, 3, 1), date(2023, 3, 1))
STATE_LEASED = (date(2021, 7, 1), date(2022, 7, 1))
SUB_LEASED = (date(2022, 9, 1), date(2023, 9, 1))
LEASED_ROWS = 8


@dataclass(frozen=True)
class BrickPark:
    """A park of `columns` × `rows` blocks; block k lies k % columns from the west."""

    columns: int
    rows: int

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return self.columns * self.rows

    @property
    def parcels(self) -> int:
        """How many parcels there are."""
        return self.blocks * PER_BLOCK

    def ground(self, block: int) -> Polygon:
        """The ground of a block, which is its plan lot."""
        west = EAST + (block % self.columns) * WIDTH
        south = NORTH + (block // self.columns) * HEIGHT
        return box(west, south, west + WIDTH, south + HEIGHT)

    @property
    def zone(self) -> Polygon:
        """The ground of the zone."""
        return box(EAST, NORTH, EAST + self.columns * WIDTH, NORTH + self.rows * HEIGHT)

    def category(self, block: int) -> str:
        """Three blocks in five are production, one service, one green."""
        return ("CN", "CN", "CN", "DV", "CX")[block % 5]

    def shapes(self) -> NDArray[np.object_]:
        """All parcels, block by block, row by row from the south, west to east."""
        boxes = []
        for block in range(self.blocks):
            west, south, *_ = self.ground(block).bounds
            for row in range(ROWS):
                cuts = [20.0 * i for i in range(13)]
                if row % 2:
                    cuts = [0.0, *(10.0 + 20.0 * i for i in range(12)), WIDTH]
                low = south + row * ROW
                boxes += [(west + a, low, west + b, low + ROW) for a, b in pairwise(cuts)]
        return np.asarray(shapely.box(*np.array(boxes).T), dtype=object)

    def numbers(self) -> Iterator[tuple[int, int, int, int]]:
        """Block, row, sheet and parcel number of every parcel, in the order of `shapes`."""
        for block in range(self.blocks):
            number = 0
            for row in range(ROWS):
                for _ in range(13 if row % 2 else 12):
                    number += 1
                    yield block, row, block + 1, number

    # --- what the figures must be ---------------------------------------------------------

    def handed_over(self, block: int) -> date:
        """The day a block was handed over: in three waves."""
        return HANDED_OVER[block % 3]

    def state_leased(self, block: int) -> date:
        """The day the State leased a block to the developer: in two waves."""
        return STATE_LEASED[block % 2]

    def sub_leased(self, block: int, row: int) -> date | None:
        """The day a row of a production block was sub-let, once the State had leased the block."""
        if self.category(block) != "CN" or row >= LEASED_ROWS:
            return None
        return SUB_LEASED[row % 2]

    def leasable_m2(self) -> float:
        """Industrial land in lots."""
        return BLOCK_M2 * sum(self.category(block) == "CN" for block in range(self.blocks))

    def leased_m2(self, day: date) -> float:
        """Sub-let land in industrial lots on a day."""
        return ROW_M2 * sum(
            1
            for block in range(self.blocks)
            for row in range(ROWS)
            if (since := self.sub_leased(block, row)) is not None and since <= day
        )

    def cleared_m2(self, day: date) -> float:
        """Land handed over by a day."""
        return BLOCK_M2 * sum(self.handed_over(block) <= day for block in range(self.blocks))

    def allocated_m2(self, day: date) -> float:
        """Land under State leases on a day."""
        return BLOCK_M2 * sum(self.state_leased(block) <= day for block in range(self.blocks))

    # --- the files ------------------------------------------------------------------------

    def write(self, folder: Path) -> None:
        """Write ranh.gpkg, lo.gpkg, thua.gpkg, quyen.csv and bangiao.csv."""
        blocks = range(self.blocks)
        write_file(folder / "ranh.gpkg", [self.zone], {"TENKCN": ["Khu gạch"]})
        write_file(
            folder / "lo.gpkg",
            [self.ground(block) for block in blocks],
            {
                "KYHIEULO": [f"{self.category(block)}-{block + 1:03d}" for block in blocks],
                "DIENTICH": [BLOCK_M2] * self.blocks,
            },
        )
        shapes = self.shapes()
        numbers = list(self.numbers())
        write_file(
            folder / "thua.gpkg",
            list(shapes),
            {
                "MAXA": ["06652"] * len(shapes),
                "SOTO": [str(sheet) for _, _, sheet, _ in numbers],
                "SOTHUA": [str(number) for *_, number in numbers],
                "DIENTICH": [float(area) for area in shapely.area(shapes)],
            },
        )
        self._write_rights(folder / "quyen.csv", numbers)
        self._write_handovers(folder / "bangiao.csv", numbers)

    def _write_rights(self, path: Path, numbers: list[tuple[int, int, int, int]]) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow([
                "Hình thức", "Số hợp đồng", "Ngày ký", "Bên thuê", "Mã số thuế",
                "Diện tích hợp đồng (m2)", "Hiệu lực từ", "Thời hạn (năm)", "Số hợp đồng gốc",
                "Số tờ", "Số thửa",
            ])  # fmt: skip
            for block, _, sheet, number in numbers:
                day = self.state_leased(block).isoformat()
                out.writerow([
                    "Thuê đất", f"NN-{block + 1}", day, "Công ty Hạ tầng Gạch", "5700000001",
                    f"{BLOCK_M2:.1f}", day, 50, "", sheet, number,
                ])  # fmt: skip
            for block, row, sheet, number in numbers:
                since = self.sub_leased(block, row)
                if since is not None:
                    out.writerow([
                        "Cho thuê lại", f"TL-{block + 1}-{row + 1}", since.isoformat(),
                        f"Nhà máy {block + 1}-{row + 1}", "", f"{ROW_M2:.1f}",
                        since.isoformat(), "", f"NN-{block + 1}", sheet, number,
                    ])  # fmt: skip

    def _write_handovers(self, path: Path, numbers: list[tuple[int, int, int, int]]) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["Số biên bản", "Ngày bàn giao", "Số tờ", "Số thửa"])
            for block, _, sheet, number in numbers:
                day = self.handed_over(block).isoformat()
                out.writerow([f"BB-{block + 1}", day, sheet, number])
