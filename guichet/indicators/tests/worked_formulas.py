"""Reads `worked_formulas.csv` of the method: what the example of twelve sites lacks."""

from __future__ import annotations

from decimal import Decimal

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.tables_of_method import table


def cases_of(*rules: str) -> list[tuple[dict[str, str], str]]:
    """Inputs by name, and what is expected, of every case of these rules."""
    found = [row for row in table("worked_formulas.csv") if row["rule"] in rules]
    assert found, f"the method holds no case of {rules}"
    return [(pairs(row["inputs"]), row["expected"]) for row in found]


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split(";"))


def numbers(inputs: dict[str, str], *names: str) -> tuple[int, ...]:
    return tuple(int(inputs[name]) for name in names)


def definition(
    kind: Kind,
    nature: str = "sample",
    direction: str = "higher",
    margin: Decimal | str | int = 3,
    minimum: int = 10,
    target: Decimal | str | int | None = None,
    bounds: tuple[Decimal, ...] = (),
    reference: Decimal | None = None,
    is_summed: bool = True,
) -> Definition:
    """A definition for tests, of the code "essai"."""
    return Definition(
        code="essai",
        version=1,
        kind=kind,
        nature=nature,
        direction=direction,
        margin=Decimal(margin),
        minimum=minimum,
        target=None if target is None else Decimal(target),
        is_summed=is_summed,
        bounds=bounds,
        reference_bound=reference,
    )
