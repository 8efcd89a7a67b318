"""Ground of the demo: blocks, lots and parcels of invented parks, in closed form.

Local frame (u, v) in metres, turned onto the plane's (E, N) by cos = 24/25, sin = 7/25: multiples
of 25 m land on whole metres, multiples of 0.025 m on whole millimetres, and turning changes no
area.
"""

from dataclasses import dataclass
from decimal import Decimal

from shapely import Polygon

BLOCK_WIDTH, BLOCK_HEIGHT, ROAD, BELT = 420, 240, 30, 25
SUBDIVISIONS = ((4, 2), (3, 2), (5, 2), (2, 2))
INDUSTRIAL = ("CN", "KT")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a local frame sits: its origin (E, N) in whole metres of plane `srid`."""

    srid: int
    east: int
    north: int

    def place(self, u: float, v: float) -> tuple[float, float]:
        """Return (E, N), exact to the millimetre."""
        east_mm = self.east * 1000 + round((24 * u - 7 * v) * 40)
        north_mm = self.north * 1000 + round((7 * u + 24 * v) * 40)
        return east_mm / 1000, north_mm / 1000

    def ring(self, corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return a ring of local corners placed on the plane."""
        return [self.place(u, v) for u, v in corners]

    def rectangle(self, u: float, v: float, width: float, height: float) -> Polygon:
        """Return a local rectangle placed on the plane."""
        return Polygon(self.ring(_corners(u, v, width, height)))


def _corners(u: float, v: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(u, v), (u + width, v), (u + width, v + height), (u, v + height)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A lot or parcel: name, category, shape (E, N), and its area in m² by formula."""

    name: str
    category: str
    shape: Polygon
    area_m2: Decimal
    block: int


@dataclass(frozen=True, slots=True)
class Park:
    """An invented park: a lattice of blocks between roads inside a green belt.

    `uses` and `adjusted` name the categories of blocks (column, row) other than CN, in the first
    plan and after adjustment.
    """

    code: str
    frame: Frame
    u: int
    v: int
    columns: int
    rows: int
    sheet: str
    uses: dict[tuple[int, int], str]
    adjusted: dict[tuple[int, int], str]

    @property
    def width(self) -> int:
        """Width of the park in its local frame, m."""
        return 2 * BELT + (self.columns + 1) * ROAD + self.columns * BLOCK_WIDTH

    @property
    def height(self) -> int:
        """Height of the park in its local frame, m."""
        return 2 * BELT + (self.rows + 1) * ROAD + self.rows * BLOCK_HEIGHT

    @property
    def area_m2(self) -> Decimal:
        """Area of the park by formula, m²."""
        return Decimal(self.width * self.height)

    @property
    def outline(self) -> Polygon:
        """Outline of the park, (E, N) of its plane."""
        return self.frame.rectangle(self.u, self.v, self.width, self.height)

    def blocks(self) -> list[tuple[int, int]]:
        """Return (column, row) of every block in the order in which they are cleared."""
        return [(column, row) for row in range(self.rows) for column in range(self.columns)]

    def corner(self, column: int, row: int) -> tuple[int, int]:
        """Return the local lower-left corner of a block."""
        inset = BELT + ROAD
        return (
            self.u + inset + column * (BLOCK_WIDTH + ROAD),
            self.v + inset + row * (BLOCK_HEIGHT + ROAD),
        )

    def use(self, block: tuple[int, int], adjusted: bool) -> str:
        """Return the category of a block under the first plan or the adjusted one."""
        first = self.uses.get(block, "CN")
        return self.adjusted.get(block, first) if adjusted else first

    def _belt_and_roads(self) -> tuple[Piece, Piece]:
        inner_width, inner_height = self.width - 2 * BELT, self.height - 2 * BELT
        inner = _corners(self.u + BELT, self.v + BELT, inner_width, inner_height)
        outer = _corners(self.u, self.v, self.width, self.height)
        holes = [
            _corners(*self.corner(*block), BLOCK_WIDTH, BLOCK_HEIGHT) for block in self.blocks()
        ]
        inner_m2 = Decimal(inner_width * inner_height)
        blocks_m2 = Decimal(self.columns * self.rows * BLOCK_WIDTH * BLOCK_HEIGHT)
        frame = self.frame
        belt = Polygon(frame.ring(outer), [frame.ring(inner)])
        roads = Polygon(frame.ring(inner), [frame.ring(hole) for hole in holes])
        return (
            Piece("CXCL-01", "CXCL", belt, self.area_m2 - inner_m2, -1),
            Piece("GT-01", "GT", roads, inner_m2 - blocks_m2, -1),
        )

    def lots(self, adjusted: bool) -> list[Piece]:
        """Return the lots of the first plan version or of the adjusted one; they tile the park."""
        counts: dict[str, int] = {}
        pieces = []
        for order, block in enumerate(self.blocks()):
            use = self.use(block, adjusted)
            counts[use] = counts.get(use, 0) + 1
            shape = self.frame.rectangle(*self.corner(*block), BLOCK_WIDTH, BLOCK_HEIGHT)
            area = Decimal(BLOCK_WIDTH * BLOCK_HEIGHT)
            pieces.append(Piece(f"{use}-{counts[use]:02d}", use, shape, area, order))
        return [*pieces, *self._belt_and_roads()]

    def parcels(self) -> list[Piece]:
        """Return the parcels: industrial blocks cut into equal rectangles, the rest whole; they
        tile the park.
        """
        pieces: list[Piece] = []
        for order, block in enumerate(self.blocks()):
            use = self.use(block, adjusted=False)
            across, up = (
                SUBDIVISIONS[(block[0] + 2 * block[1]) % 4] if use in INDUSTRIAL else (1, 1)
            )
            width, height = BLOCK_WIDTH // across, BLOCK_HEIGHT // up
            u, v = self.corner(*block)
            for step in range(across * up):
                shape = self.frame.rectangle(
                    u + step % across * width, v + step // across * height, width, height
                )
                area = Decimal(width * height)
                pieces.append(Piece(str(len(pieces) + 1), use, shape, area, order))
        for piece in self._belt_and_roads():
            pieces.append(
                Piece(str(len(pieces) + 1), piece.category, piece.shape, piece.area_m2, -1)
            )
        return pieces


COAST = Frame(5899, 477000, 2368000)
HILLS = Frame(9211, 447000, 2305000)

PARK_A = Park(
    "KCN-DEMO-A",
    COAST,
    0,
    0,
    columns=5,
    rows=4,
    sheet="11",
    uses={(0, 0): "HTKT", (1, 0): "KT", (2, 3): "DV", (4, 3): "CX"},
    adjusted={(4, 3): "CN"},
)
PARK_B = Park(
    "KCN-DEMO-B",
    COAST,
    300,
    1700,
    columns=4,
    rows=4,
    sheet="12",
    uses={(3, 0): "HTKT", (0, 0): "KT", (3, 3): "DV", (0, 3): "CX"},
    adjusted={(0, 2): "CX", (0, 3): "CN"},
)
PARK_C = Park(
    "KCN-DEMO-C",
    HILLS,
    0,
    0,
    columns=4,
    rows=5,
    sheet="5",
    uses={(3, 0): "HTKT", (0, 0): "KT", (3, 4): "DV", (0, 4): "CX"},
    adjusted={},
)
PARKS = (PARK_A, PARK_B, PARK_C)

ZONE_CORNERS = [(-700, -500), (2900, -600), (3200, 1400), (2700, 3400), (-300, 3300), (-900, 1300)]
FIELD_COLUMNS, FIELD_ROWS, FIELD_WIDTH, FIELD_HEIGHT = 10, 4, 230, 115
GAP_FIELD = (3, 7)
CORRIDOR_WIDTH, CORRIDOR_LENGTH = 60, 160


def shoelace_m2(corners: list[tuple[int, int]]) -> Decimal:
    """Return the area of a ring of whole-metre corners, exact."""
    following = corners[1:] + corners[:1]
    doubled = sum(
        u * next_v - next_u * v for (u, v), (next_u, next_v) in zip(corners, following, strict=True)
    )
    return Decimal(abs(doubled)) / 2


def zone_outline() -> Polygon:
    """Return the boundary of the invented economic zone around parks A and B."""
    return Polygon(COAST.ring([(float(u), float(v)) for u, v in ZONE_CORNERS]))


def fields() -> list[Piece]:
    """Return the farm parcels of the economic zone between its two parks."""
    area = Decimal(FIELD_WIDTH * FIELD_HEIGHT)
    return [
        Piece(
            str(row * FIELD_COLUMNS + column + 1),
            "LUC",
            _field(row, column),
            area,
            row,
        )
        for row in range(FIELD_ROWS)
        for column in range(FIELD_COLUMNS)
    ]


def _field(row: int, column: int) -> Polygon:
    """A field; one was surveyed 30 cm off along 80 m: a gap to be found on its western side, and as
    much ground more in the north.
    """
    u, v = column * FIELD_WIDTH, 1200 + row * FIELD_HEIGHT
    if (row, column) != GAP_FIELD:
        return COAST.rectangle(u, v, FIELD_WIDTH, FIELD_HEIGHT)
    west, south, top = u + 0.3, v + 20, v + FIELD_HEIGHT
    *corners, last = _corners(u, v, FIELD_WIDTH, FIELD_HEIGHT)
    more = [(u + 100, top), (u + 100, top + 0.3), (u + 20, top + 0.3), (u + 20, top), last]
    gap = [(u, south + 80), (west, south + 80), (west, south), (u, south)]
    return Polygon(COAST.ring([*corners, *more, *gap]))


def corridor() -> Polygon:
    """Return the green corridor of the general plan: it cuts two fields, which is to be found."""
    return COAST.rectangle(1000, 1500, CORRIDOR_WIDTH, CORRIDOR_LENGTH)


def resettlement_outline() -> Polygon:
    """Return the invented resettlement area: 400 m × 400 m = 16 ha."""
    return COAST.rectangle(2450, 200, 400, 400)
