"""What a reader must know beside a figure: what stood in, what was left out, what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from planning.indicators.rules import Answer, Definition, Quantities, components, quantity

AREA_M2: Final = Decimal("0.5")
"""Less than half a square metre outside leasable lots is rounding, not a finding."""
RIGHTS: Final = frozenset({"state_allocated", "sub_leased", "reserved"})
LEASED: Final = frozenset({"leased_industrial", "leased_service"})
LOTS: Final = frozenset({"lots_industrial", "lots_service"})


@dataclass(frozen=True, slots=True)
class Note:
    """A remark by its code and facts; the texts live with the messages (`indicator-…`)."""

    code: str
    context: Mapping[str, object] = field(default_factory=dict)


def notes(
    answer: Answer,
    definitions: Mapping[str, Definition],
    quantities: Quantities,
    plans: Sequence[Note] = (),
) -> tuple[Note, ...]:
    """Return the remarks that belong to an answer over these quantities; `plans` to the plans
    whose lots it counts.
    """
    rests_on = components(answer.definition.code, definitions)
    found = list(_of_the_answer(answer))
    for name in rests_on:
        found += _of_a_quantity(name, quantities)
    if not {"natural", "not_to_clear"} - set(rests_on):
        marked = quantity(quantities, "not_to_clear")
        if not marked.items:
            found.append(Note("indicator-natural-is-base"))
    if LOTS & set(rests_on) and not _planned(quantities):
        found.append(Note("indicator-no-plan-in-force"))
    if (LOTS | LEASED) & set(rests_on):
        found += plans
    if LEASED & set(rests_on):
        found += _of_leased(rests_on, quantities)
    return tuple(found)


def _of_the_answer(answer: Answer) -> Iterator[Note]:
    definition = answer.definition
    if not answer.in_force:
        yield Note(
            "indicator-definition-not-in-force",
            {"valid_from": definition.valid_from, "valid_to": definition.valid_to},
        )
    if definition.kind == "ratio" and answer.value is None:
        yield Note("indicator-undefined")


def _of_a_quantity(name: str, quantities: Quantities) -> Iterator[Note]:
    value = quantity(quantities, name)
    if name == "natural" and not value.items:
        yield Note("indicator-no-boundary")
    if value.missing and name in RIGHTS:
        yield Note("indicator-rights-without-parcels", {"count": value.missing})
    elif value.missing:
        yield Note(
            "indicator-measured-used",
            {"quantity": name, "count": value.missing, "items": value.items},
        )


def _planned(quantities: Quantities) -> bool:
    lots = ("lots_industrial", "lots_service", "lots_other")
    return any(quantity(quantities, name).items for name in lots)


def _of_leased(rests_on: tuple[str, ...], quantities: Quantities) -> Iterator[Note]:
    """Contracts in force that the figure does not count, or counts in part."""
    legal = {name: quantity(quantities, name).legal or Decimal(0) for name in (*LEASED,)}
    unlicensed = quantity(quantities, "leased_unlicensed")
    if unlicensed.items:
        yield Note("indicator-unlicensed-left-out", {"count": unlicensed.items})
    contracts = quantity(quantities, "sub_leased").legal or Decimal(0)
    outside = contracts - sum(legal.values()) - (unlicensed.legal or Decimal(0))
    if outside > AREA_M2:
        yield Note("indicator-leased-outside-lots", {"area_ha": outside / 10_000})
    if "leased_service" not in rests_on and legal["leased_service"] > AREA_M2:
        area_ha = legal["leased_service"] / 10_000
        yield Note("indicator-service-left-out", {"area_ha": area_ha})
