"""Writing verbs of the rulebook: enter and confirm rules, state headcounts, sign waivers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_keep
from sqlalchemy.orm import Session

from planning.clocks import close, record
from planning.errors import NotFound
from planning.plans.norms import COMPARISONS, MEASURES, PEOPLE, REACHES, Rule
from planning.plans.norms_errors import (
    NormConfirmedAlready,
    NormRuleMoved,
    NormRuleRefused,
    NormWaiverDays,
)
from planning.plans.norms_model import Norm, NormConfirmation, NormPeople, NormRule, NormWaiver
from planning.records.commands import open_change
from planning.records.terms import confirmed
from planning.vocabulary import PLAN_LEVELS, ZONE_KINDS, lot_categories


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as somebody enters it; the units are those of `planning.plans.norms.Rule`."""

    code: str
    regulation: str
    clause: str
    quote_vi: str
    quote_en: str
    source: str
    valid_from: date
    valid_to: date | None
    reaches_by: str
    zone_kinds: Sequence[str]
    plan_levels: Sequence[str]
    measure: str
    categories: Sequence[str]
    people: str | None
    above_storeys: int | None
    comparison: str
    threshold: Decimal | None
    name_vi: str
    name_en: str


def enter_rule(session: Session, new: NewRule, *, follows: int, actor: str) -> int:
    """Enter the next version of a norm's rule (a new norm: `follows` 0); return the rule's id.

    Raises:
        NormRuleRefused: a field does not hold what it must.
        NormRuleMoved: another version than `follows` is the newest.
    """
    _check(new)
    session.execute(
        insert_or_keep(Norm).values(code=new.code).on_conflict_do_nothing(index_elements=["code"])
    )
    newest = session.scalar(
        select(func.coalesce(func.max(NormRule.version), 0)).where(NormRule.code == new.code)
    )
    if newest != follows:
        raise NormRuleMoved()
    facts = {name: getattr(new, name) for name in NewRule.__slots__}
    lists = {
        name: list(facts[name]) or None for name in ("zone_kinds", "plan_levels", "categories")
    }
    made = session.scalar(
        insert(NormRule)
        .values({**facts, **lists, "version": follows + 1, "recorded_by": actor})
        .returning(NormRule.id)
    )
    return int(made or 0)


def _check(new: NewRule) -> None:
    known = (
        ("measure", new.measure in MEASURES),
        ("comparison", new.comparison in COMPARISONS),
        ("reaches_by", new.reaches_by in REACHES),
        ("people", (new.measure == "per_person") == (new.people in PEOPLE)),
        ("zone_kinds", set(new.zone_kinds) <= set(ZONE_KINDS)),
        ("plan_levels", set(new.plan_levels) <= set(PLAN_LEVELS)),
        ("categories", set(new.categories) <= set(lot_categories())),
        ("valid_to", new.valid_to is None or new.valid_to > new.valid_from),
        ("code", _is_code(new.code)),
    )
    for field, fine in known:
        if not fine:
            raise NormRuleRefused(field=field)
    if new.measure in ("share", "area", "per_person", "width") and not new.categories:
        raise NormRuleRefused(field="categories")


def _is_code(code: str) -> bool:
    plain = code.isascii() and code.replace("_", "").isalnum() and code == code.lower()
    return plain and 1 < len(code) < 49 and code[0].isalpha()


def confirm_rule(session: Session, rule: Rule, *, seen_in: str, actor: str) -> None:
    """Say by name that a rule was compared with the text, and where; never one's own entry.

    Raises:
        NormConfirmedAlready: somebody did before. What the database refuses besides.
    """
    if not confirmed(session, NormConfirmation, rule.id, seen_in=seen_in, actor=actor):
        raise NormConfirmedAlready(name=rule.name_vi)


def state_people(
    session: Session, *, plan_version_id: UUID, kind: str, people: int, source: str, actor: str
) -> None:
    """Record how many workers or residents a version plans for, as its papers say."""
    session.execute(
        insert(NormPeople).values(
            plan_version_id=plan_version_id, kind=kind, people=people, source=source,
            recorded_by=actor,
        )
    )  # fmt: skip


def sign_waiver(
    session: Session,
    *,
    plan_version_id: UUID,
    rule_id: int,
    lots_state: str,
    reason: str,
    actor: str,
    signed_on: date,
    expires_on: date | None = None,
    document_id: UUID | None = None,
) -> UUID:
    """Let a version fail a rule from a day on, perhaps until the end of another; answer its id.

    `lots_state` is what the signer looked at: it holds no longer than the lots stay so.

    Raises:
        NormWaiverDays: it would end before it begins. What the database refuses: lots that moved,
        one's own work, a second waiver.
    """
    if expires_on is not None and expires_on < signed_on:
        raise NormWaiverDays(day=expires_on)
    change = open_change(
        session, kind="act" if document_id else "setup", reason=reason, actor=actor,
        effective_on=signed_on, document_id=document_id,
    )  # fmt: skip
    waiver_id = uuid4()
    row = {
        "waiver_id": waiver_id,
        "plan_version_id": plan_version_id,
        "rule_id": rule_id,
        "lots_state": lots_state,
        "reason": reason,
        "signed_by": actor,
        "document_id": document_id,
        "valid_from": signed_on,
        "valid_to": None if expires_on is None else expires_on + timedelta(days=1),
    }
    record(session, NormWaiver, change, [row])
    return waiver_id


def version_of_waiver(session: Session, waiver_id: UUID) -> UUID:
    """Return the plan version a waiver speaks of. Raises NotFound."""
    found = session.scalar(
        select(NormWaiver.plan_version_id).where(NormWaiver.waiver_id == waiver_id).limit(1)
    )
    if found is None:
        raise NotFound(kind="norm_waiver", key=str(waiver_id))
    return found


def withdraw_waiver(
    session: Session, waiver_id: UUID, *, reason: str, actor: str, day: date
) -> None:
    """End a waiver on a day, for a reason. Raises NotFound, NormWaiverDays when it has ended."""
    columns = [column for column in NormWaiver.__table__.columns if column.computed is None]
    row = (
        session.execute(
            select(*columns)
            .where(NormWaiver.waiver_id == waiver_id, NormWaiver.closed_by.is_(None))
            .with_for_update()
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(kind="norm_waiver", key=str(waiver_id))
    if row["withdrawn_by"] or (row["valid_to"] is not None and row["valid_to"] <= day):
        raise NormWaiverDays(day=row["valid_to"])
    change = open_change(
        session, kind="act" if row["document_id"] else "setup", reason=reason, actor=actor,
        effective_on=day, document_id=row["document_id"],
    )  # fmt: skip
    close(session, NormWaiver, change, [row["version_id"]])
    kept = {key: row[key] for key in row if key not in ("version_id", "opened_by", "closed_by")}
    ended = {
        "valid_to": max(day, row["valid_from"]),
        "withdrawn_by": actor,
        "withdrawal_reason": reason,
    }
    record(session, NormWaiver, change, [{**kept, **ended}])
