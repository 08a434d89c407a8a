"""From counters to a value and its text (`docs/methods/observation.md`, § 3).

Owns the formula of each kind and the one rounding; refuses floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind, whole_of

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
"""50 significant digits: no division of counters comes near to a tie without being one."""

FACTOR = {
    Kind.SHARE: 100,
    Kind.NET_SHARE: 100,
    Kind.MEAN: 1,
    Kind.DISTRIBUTION: 100,
    Kind.COUNT: 1,
}
"""What a quotient of counters is multiplied by to be a percent, points or the unit."""


def cases(definition: Definition, counters: Sequence[int]) -> int:
    """What stands over the whole: the cases of the share, the balance, the sum, the count."""
    if definition.kind is Kind.NET_SHARE:
        return counters[0] - counters[1]
    if definition.kind is Kind.DISTRIBUTION:
        return sum(counters[: buckets_in_share(definition)])
    return counters[0]


def buckets_in_share(definition: Definition) -> int:
    """How many buckets lie at or under the reference bound of a distribution.

    Raises ValueError when that bound is not one of the definition's.
    """
    if definition.reference_bound not in definition.bounds:
        raise ValueError(
            f"{definition.code} : la borne de référence doit être l'une des bornes des tranches."
        )
    return definition.bounds.index(definition.reference_bound) + 1


def exact_fraction(definition: Definition, counters: Sequence[int] | None) -> Fraction | None:
    """The value in percent, points or the unit; None without counters or with a whole of 0."""
    whole = whole_of(definition.kind, counters) if counters else 0
    if not counters or whole == 0:
        return None
    if definition.kind is Kind.COUNT:
        return Fraction(whole)
    return Fraction(FACTOR[definition.kind] * cases(definition, counters), whole)


def exact_value(definition: Definition, counters: Sequence[int] | None) -> Decimal | None:
    """The same as `exact_fraction`, at 50 significant digits."""
    found = exact_fraction(definition, counters)
    return None if found is None else as_decimal(found)


def as_decimal(fraction: Fraction) -> Decimal:
    """One division, at 50 significant digits."""
    return EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


def decimals_of(definition: Definition) -> int:
    return 0 if definition.kind is Kind.COUNT else 1


def written(value: Decimal | Fraction, definition: Definition) -> str:
    """Rounded once, half away from zero, to one decimal (counts: whole); never "-0.0"."""
    decimals = decimals_of(definition)
    if isinstance(value, Fraction):
        return written_quotient(value.numerator, value.denominator, decimals)
    return written_quotient(*value.as_integer_ratio(), decimals)


def written_quotient(numerator: int, denominator: int, decimals: int) -> str:
    """numerator ÷ denominator (above 0), rounded half away from zero, in integers alone."""
    scale = 10**decimals
    magnitude = (2 * scale * abs(numerator) + denominator) // (2 * denominator)
    sign = "-" if numerator < 0 and magnitude else ""
    whole, rest = divmod(magnitude, scale)
    return f"{sign}{whole}.{rest:0{decimals}}" if decimals else f"{sign}{whole}"


def plain(value: Decimal) -> str:
    """A declared value, a bound, a margin as typed: no exponent, no zero that says nothing."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
