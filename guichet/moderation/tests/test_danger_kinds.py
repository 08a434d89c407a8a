"""The kind of a danger is told when one alone is said."""

import pytest

from guichet.moderation.detection.danger_kinds import DangerKind, danger_kind
from guichet.moderation.tests.accuracy.danger_measuring import DEVELOPMENT, labelled_blocks

SAME = {"self": DangerKind.SUICIDE, "couple": DangerKind.COUPLE, "child": DangerKind.CHILD}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Je vais me tuer.", DangerKind.SUICIDE),
        ("I want to kill myself", DangerKind.SUICIDE),
        ("Mon mari me frappe tous les soirs devant les enfants.", DangerKind.COUPLE),
        ("Il tape mes enfants.", DangerKind.CHILD),
        ("Mon mari me frappe et je veux mourir.", None),
        ("Je vais tout brûler dans votre agence.", None),
        ("Le guichet était fermé.", None),
    ],
)
def test_one_kind_alone_is_told(text: str, kind: DangerKind | None) -> None:
    assert danger_kind(text) is kind


def test_three_kinds_told_of_four_are_right() -> None:
    told = [
        (SAME.get(label), kind)
        for label, text in labelled_blocks(DEVELOPMENT)
        if label != "none" and (kind := danger_kind(text))
    ]

    assert len(told) >= 15
    assert sum(right is kind for right, kind in told) >= 0.75 * len(told)
