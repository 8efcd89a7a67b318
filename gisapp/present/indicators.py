"""Figures in plain values for programs and in words for people, in either language."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gisapp.messages import number, render
from planning.indicators.rules import DECIMALS, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planning.indicators.notes import Note
    from planning.indicators.queries import Figure, Land
    from planning.indicators.rules import Part

HECTARE_M2 = Decimal(10_000)
_PLACES = Decimal("0.000001")


def plain(value: Decimal | None) -> float | int | None:
    """A value as JSON carries it: to the millionth of its unit, whole numbers whole."""
    if value is None:
        return None
    rounded = value.quantize(_PLACES)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def display(value: Decimal | None, unit: str, locale: str) -> str:
    """A value as people of that language read it, with its unit: 1.105,90 ha, 56,06 %."""
    if value is None:
        return "–"
    if unit == "m2":
        value, unit = value / HECTARE_M2, "ha"
    said = number(shown(value, unit) or Decimal(0), locale, DECIMALS[unit])
    return {"ha": f"{said}\u00a0ha", "percent": f"{said}\u00a0%"}.get(unit, said)


def note_text(note: Note, locale: str) -> str:
    """A remark as a sentence."""
    context = dict(note.context)
    if "quantity" in context:
        word = render(f"quantity-{str(context['quantity']).replace('_', '-')}", {}, locale)
        context["what"] = word[:1].upper() + word[1:]
    return render(note.code, context, locale)


def _part(part: Part | None, locale: str) -> dict[str, Any] | None:
    if part is None:
        return None
    return {
        "code": part.code,
        "name": part.name_en if locale == "en" else part.name_vi,
        "value": plain(part.value),
        "measured_value": plain(part.measured),
        "unit": part.unit,
        "display": display(part.value, part.unit, locale),
    }


def figure_facts(figure: Figure, locale: str) -> dict[str, Any]:
    """One figure with its definition, both sides, both bases and its remarks."""
    answer = figure.answer
    rule = answer.definition
    return {
        "code": rule.code,
        "name": rule.name_en if locale == "en" else rule.name_vi,
        "value": plain(answer.value),
        "measured_value": plain(answer.measured),
        "unit": rule.unit,
        "display": display(answer.value, rule.unit, locale),
        "area_basis": rule.area_basis,
        "scope": figure.scope,
        "numerator": _part(answer.numerator, locale),
        "denominator": _part(answer.denominator, locale),
        "definition": {
            "version": rule.version,
            "kind": rule.kind,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
            "in_force": answer.in_force,
            "clause": rule.clause_en if locale == "en" else rule.clause_vi,
            "source": rule.source,
            "verification": rule.verification,
        },
        "notes": [{"code": note.code, "text": note_text(note, locale)} for note in figure.notes],
    }


def land_facts(land: Land, figures: Iterable[Figure], locale: str) -> dict[str, Any]:
    """Figures of a piece of land with what they rest on: day, knowledge, zones, plans."""
    return {
        "as_of": land.as_of,
        "known": land.known,
        "zones": [zone.code for zone in land.zones],
        "plans": [
            {
                "zone": plan.zone,
                "plan": plan.plan,
                "version": plan.version,
                "name": (locale == "en" and plan.name_en) or plan.name_vi,
                "in_force_from": plan.valid_from,
                "decision": plan.decision_number,
                "issued_on": plan.decision_issued_on,
                "issuer": plan.decision_issuer,
            }
            for plan in land.plans
        ],
        "indicators": [figure_facts(figure, locale) for figure in figures],
    }
