"""What is computed beside a printed figure: completion, growth, and sums that must hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Computed:
    """Shares of a figure, 1 = 100 %: of its target, of the same period a year ago, its growth.

    None where there is nothing to divide by: an undefined ratio is never nought.
    """

    completion: Decimal | None
    yoy_ratio: Decimal | None
    yoy_growth: Decimal | None


def computed(value: Decimal, target: Decimal | None, compared: Decimal | None) -> Computed:
    """Return completion of a target and ratio and growth against a year ago."""
    ratio = value / compared if compared else None
    return Computed(value / target if target else None, ratio, None if ratio is None else ratio - 1)


def compared_from_growth(value: Decimal, growth_pct: Decimal) -> Decimal | None:
    """The figure of a year ago that a printed growth (in %) stands for; None at −100 %."""
    whole = 1 + growth_pct / 100
    return value / whole if whole else None


def agrees(share: Decimal, printed_pct: Decimal) -> bool:
    """Whether a share (1 = 100 %) rounds, half up, to a percentage as fine as that is printed."""
    digits = max(-int(printed_pct.as_tuple().exponent), 0)
    return (share * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) == printed_pct


@dataclass(frozen=True, slots=True)
class Identity:
    """What adds up: the indicators on the left come to what those on the right come to."""

    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    name_vi: str
    name_en: str

    @property
    def members(self) -> frozenset[str]:
        """Every indicator that is named."""
        return frozenset((*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Check:
    """An identity held against figures: both sums, and the values they are made of."""

    identity: Identity
    left: tuple[Decimal, ...]
    right: tuple[Decimal, ...]

    @property
    def left_sum(self) -> Decimal:
        """What the left side comes to."""
        return sum(self.left, Decimal(0))

    @property
    def right_sum(self) -> Decimal:
        """What the right side comes to."""
        return sum(self.right, Decimal(0))

    @property
    def holds(self) -> bool:
        """Whether both sides are the same."""
        return self.left_sum == self.right_sum


def checks(identities: Sequence[Identity], values: Mapping[str, Decimal]) -> list[Check]:
    """Hold every identity whose members are all there against the values, by indicator."""
    return [
        Check(
            each,
            tuple(values[name] for name in each.left),
            tuple(values[name] for name in each.right),
        )
        for each in identities
        if each.members <= values.keys()
    ]
