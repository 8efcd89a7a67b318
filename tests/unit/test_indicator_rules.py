"""The arithmetic of indicators, against published figures and against itself."""

import csv
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp import resources
from planning.indicators.errors import DefinitionNotFound, QuantityUnknown
from planning.indicators.notes import notes
from planning.indicators.rules import (
    QUANTITIES,
    Definition,
    Ground,
    Quantities,
    Quantity,
    add_up,
    choose,
    components,
    evaluate,
    outermost,
    quantity,
    ratio,
    roll_up,
    shown,
)

DATA = Path(__file__).parents[1] / "data" / "indicators" / "test_vectors.csv"
HA = Decimal(10_000)
LAND_VECTORS = [f"QN-{n}" for n in range(1, 7)] + [f"NAT-{n}" for n in range(1, 7)]
LAND_VECTORS += ["HB-1", "D35-1", "D82-1"]


def seeded() -> list[Definition]:
    """The definitions the migration writes, read from the same file."""
    path = resources.MIGRATIONS / "sql" / "0003" / "definitions.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["definition"]
    blank = {"version": 1, "valid_from": date(1945, 9, 2), "valid_to": None, "scope": "all"}
    blank |= {"area_basis": "legal", "terms": (), "numerator": None, "denominator": None}
    return [
        Definition(**{**blank, **row, "terms": tuple(row.get("terms", ())), "position": place})
        for place, row in enumerate(rows)
    ]


DEFINITIONS = choose(seeded(), date(2025, 3, 31))


def area(ha: str | float | Decimal) -> Quantity:
    """A quantity of so many hectares on both bases."""
    return Quantity(Decimal(str(ha)) * HA, Decimal(str(ha)) * HA, 1, 0)


def value(code: str, **hectares: str | float | Decimal) -> Decimal | None:
    """An indicator of ground with these base quantities, rounded as reports do."""
    found = {name: area(given) for name, given in hectares.items()}
    answer = evaluate(code, DEFINITIONS, date(2025, 3, 31), found)
    return shown(answer.value, answer.definition.unit)


QUANG_NINH = {
    "leased_industrial": "1105.9",
    "lots_industrial": "1972.71",
    "cleared": "2717",
    "state_allocated": "1941.57",
}


@pytest.fixture(scope="module")
def vectors() -> dict[str, dict[str, str]]:
    """The table of worked examples by id."""
    with DATA.open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def worked(name: str) -> Decimal | None:
    """Each land vector computed by the rules from its inputs."""
    match name:
        case "QN-1":  # the denominator that the published ratio implies
            return shown(Decimal("1105.9") * 100 / Decimal("56.06"), "ha")
        case "QN-2":
            return value("occupancy_rate_d82", **QUANG_NINH)
        case "QN-3":
            return value("allocation_rate", **QUANG_NINH)
        case "QN-4":
            return value("leased_to_cleared", **QUANG_NINH)
        case "QN-5":
            return value("leased_to_state_allocated", **QUANG_NINH)
        case "QN-6":
            return shown(ratio(Decimal(8), Decimal(9)), "percent")
        case "HB-1":
            return shown(ratio(Decimal("49.8"), Decimal(87)), "percent")
        case "NAT-1":
            return value("occupancy_rate_d82", leased_industrial=11414, lots_industrial=21376)
        case "NAT-2":
            return value("leasable_share", lots_industrial=21376, natural=32325)
        case "NAT-3":
            return value("leasable_share", lots_industrial=89200, natural=130700)
        case "NAT-4":
            return value("leasable_share", lots_industrial=62700, natural=92000)
        case "NAT-5":
            both = add_up([{"lots_industrial": area(62.7)}, {"lots_industrial": area(26.2)}])
            return shown((both["lots_industrial"].legal or Decimal(0)) / HA, "ha")
        case "NAT-6":
            return value("occupancy_rate_d82", leased_industrial=51800, lots_industrial=87700)
        case "D35-1":
            return value("occupancy_rate_d35", **PARK)
        case "D82-1":
            return value("occupancy_rate_d82", **PARK)
    raise AssertionError(name)


PARK = {
    "leased_industrial": 60,
    "leased_service": 4,
    "lots_industrial": 100,
    "lots_service": 10,
}


@pytest.mark.parametrize("name", LAND_VECTORS)
def test_published_figures(name: str, vectors: dict[str, dict[str, str]]) -> None:
    expected = Decimal(vectors[name]["expected"].split("=")[-1].split(" vs ")[0].rstrip("%"))
    assert worked(name) == expected if name != "NAT-5" else worked(name) == Decimal("88.90")


def test_the_implied_denominator_lies_in_its_rounding_interval(
    vectors: dict[str, dict[str, str]],
) -> None:
    """1105.9 may be 1105.85 to 1105.95, and 56.06 % may be 56.055 to 56.065."""
    low = Decimal("1105.85") * 100 / Decimal("56.065")
    high = Decimal("1105.95") * 100 / Decimal("56.055")
    stated = f"interval [{shown(low, 'ha')}, {shown(high, 'ha')}]"
    assert stated == vectors["QN-1"]["tolerance_or_interval"]
    assert low < Decimal("1972.71") < high


def test_look_alikes_are_not_the_occupancy_rate() -> None:
    codes = ("occupancy_rate_d82", "leased_to_state_allocated", "leased_to_cleared")
    answers = [evaluate(code, DEFINITIONS, date(2025, 3, 31), {}) for code in codes]
    assert {answer.denominator.code for answer in answers if answer.denominator} == {
        "leasable_area",
        "state_allocated_area",
        "cleared_area",
    }
    assert len({answer.definition.name_vi for answer in answers}) == 3


def test_published_57_8_does_not_follow_from_its_own_numbers() -> None:
    assert worked("NAT-6") != Decimal("57.80")


@pytest.mark.parametrize(("top", "bottom"), [(None, "1"), ("1", None), ("1", "0"), ("0", "0")])
def test_a_ratio_over_nothing_is_undefined(top: str | None, bottom: str | None) -> None:
    sides = [None if side is None else Decimal(side) for side in (top, bottom)]
    assert ratio(*sides) is None


def test_a_ratio_of_nothing_is_nought() -> None:
    assert ratio(Decimal(0), Decimal(7)) == 0


@pytest.mark.parametrize(
    ("exact", "unit", "seen"),
    [
        ("56.055", "percent", "56.06"),
        ("56.0549999", "percent", "56.05"),
        ("-0.004", "percent", "0.00"),
        ("1972.715", "ha", "1972.72"),
        ("0.05", "m2", "0.1"),
        ("2.5", "count", "3"),
    ],
)
def test_half_is_rounded_up_for_the_eye(exact: str, unit: str, seen: str) -> None:
    rounded = shown(Decimal(exact), unit)
    assert str(rounded) == seen


def test_unknown_natural_area_makes_what_rests_on_it_unknown() -> None:
    ground = {"cleared": area(3), "lots_industrial": area(5)}
    for code in ("natural_area", "to_clear_area", "remaining_to_clear", "clearance_rate"):
        assert evaluate(code, DEFINITIONS, date(2025, 1, 1), ground).value is None
    assert evaluate("leasable_share", DEFINITIONS, date(2025, 1, 1), ground).value is None
    assert evaluate("cleared_area", DEFINITIONS, date(2025, 1, 1), {}).value == 0


def test_a_flow_is_the_rise_since_the_year_began() -> None:
    answer = evaluate(
        "cleared_in_year",
        DEFINITIONS,
        date(2024, 6, 30),
        {"cleared": area(149.8)},
        {"cleared": area(100)},
    )
    assert shown((answer.value or Decimal(0)) / HA, "ha") == Decimal("49.80")


def test_the_definition_of_the_day() -> None:
    before, after = date(2022, 7, 14), date(2022, 7, 15)
    for day, ruling in ((before, "occupancy_rate_d82"), (after, "occupancy_rate_d35")):
        chosen = choose(seeded(), day)
        rates = [code for code in chosen if code.startswith("occupancy")]
        assert [code for code in rates if chosen[code].in_force(day)] == [ruling]
        assert len(rates) == 2, "both can be asked for on any day"


def test_a_later_version_corrects_or_follows() -> None:
    first = next(item for item in seeded() if item.code == "occupancy_rate_d35")
    fields = {name: getattr(first, name) for name in Definition.__dataclass_fields__}
    ended = Definition(**fields | {"version": 2, "valid_to": date(2027, 1, 1)})
    successor = Definition(**fields | {"version": 3, "valid_from": date(2027, 1, 1)})
    known = [successor, first, ended]
    assert choose(known, date(2026, 12, 31))["occupancy_rate_d35"].version == 2
    assert choose(known, date(2027, 1, 1))["occupancy_rate_d35"].version == 3
    assert choose([first, ended], date(2027, 1, 1))["occupancy_rate_d35"].version == 2
    assert choose(known, date(2020, 1, 1))["occupancy_rate_d35"].version == 3


def test_definitions_name_only_quantities_that_are_counted() -> None:
    for code in DEFINITIONS:
        assert set(components(code, DEFINITIONS)) <= QUANTITIES
    with pytest.raises(QuantityUnknown):
        quantity({}, "gold")
    with pytest.raises(DefinitionNotFound):
        evaluate("gold", DEFINITIONS, date(2025, 1, 1), {})


def test_remarks_say_what_stood_in() -> None:
    ground = {
        "natural": area(100),
        "lots_industrial": Quantity(Decimal(50), Decimal(50), 10, 3),
        "leased_industrial": area(6),
        "leased_service": area(1),
        "sub_leased": area(9),
        "leased_unlicensed": area(1),
    }

    def said(code: str, given: Quantities) -> list[str]:
        answer = evaluate(code, DEFINITIONS, date(2025, 1, 1), given)
        return [note.code for note in notes(answer, DEFINITIONS, given)]

    assert said("to_clear_area", ground) == ["indicator-natural-is-base"]
    assert said("to_clear_area", {**ground, "not_to_clear": area(2)}) == []
    assert said("leasable_area", ground) == ["indicator-measured-used"]
    assert said("occupancy_rate_d82", ground) == [
        "indicator-definition-not-in-force",
        "indicator-measured-used",
        "indicator-unlicensed-left-out",
        "indicator-leased-outside-lots",
        "indicator-service-left-out",
    ]
    assert said("occupancy_rate_d35", {}) == ["indicator-undefined", "indicator-no-plan-in-force"]
    assert said("natural_area", {}) == ["indicator-no-boundary"]


def zones_of(*links: tuple[int, int | None, str]) -> tuple[list[Ground], dict[int, UUID]]:
    """Zones by small numbers: (number, number of the zone it lies in, kind)."""
    ids = {number: uuid4() for number, _, _ in links}
    return [
        Ground(ids[number], ids[parent] if parent else None, kind) for number, parent, kind in links
    ], ids


def test_natural_area_is_counted_once() -> None:
    zones, ids = zones_of(
        (1, None, "economic_zone"), (2, 1, "industrial_park"), (3, 1, "high_tech_park")
    )
    own = {
        ids[1]: {"natural": area(1000), "cleared": area(1)},
        ids[2]: {"natural": area(200), "cleared": area(20)},
        ids[3]: {"natural": area(300), "cleared": area(30)},
    }
    rolled = roll_up(ids[1], zones, own)
    assert rolled["natural"] == area(1000)
    assert rolled["cleared"].legal == 51 * HA
    assert [zone.id for zone in outermost(zones)] == [ids[1]]
    parks = outermost(zones, "industrial_parks")
    assert {zone.id for zone in parks} == {ids[2], ids[3]}
    assert [zone.id for zone in outermost(zones, "economic_zones")] == [ids[1]]


hectares = st.decimals(min_value=0, max_value=10_000, places=6)
grounds = st.dictionaries(
    st.sampled_from(sorted(QUANTITIES)),
    st.builds(Quantity, hectares, hectares, st.integers(0, 9), st.integers(0, 9)),
)


@settings(deadline=None)
@given(st.lists(grounds, min_size=1, max_size=6), st.data())
def test_the_board_is_the_sum_of_its_zones(
    parts: list[dict[str, Quantity]], data: st.DataObject
) -> None:
    links: list[tuple[int, int | None, str]] = []
    for number in range(1, len(parts) + 1):
        parent = data.draw(st.sampled_from([None, *range(1, number)]))
        links.append((number, parent, "industrial_park"))
    zones, ids = zones_of(*links)
    own = {ids[number]: part for number, part in enumerate(parts, start=1)}
    roots = outermost(zones)
    board = add_up(roll_up(root.id, zones, own) for root in roots)
    flat = add_up(parts)
    for name in QUANTITIES - {"natural"}:
        assert board.get(name) == flat.get(name)
    natural = add_up(
        {"natural": own[root.id]["natural"]} for root in roots if "natural" in own[root.id]
    )
    assert board.get("natural") == natural.get("natural")
