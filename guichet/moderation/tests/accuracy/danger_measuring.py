"""How well danger is found: `python -m …tests.accuracy.danger_measuring [frozen]`.

Owns the reading of the files and the counting; refuses to print a text of the blind files: counts
by label alone.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guichet.moderation.detection.dangers import Grade, danger_of

HERE = Path(__file__).parent
DANGERS = HERE / "dangers.txt"
OWN = HERE / "own_dangers.txt"
DEVELOPMENT, FROZEN = HERE / "development_dangers.txt", HERE / "frozen_dangers.txt"
DEVELOPMENT_LATER = HERE / "development_dangers_later.txt"
FROZEN_LATER = HERE / "frozen_dangers_later.txt"
ORDINARY = HERE / "ordinary.txt"
LABELS = ("self", "couple", "child", "threat", "vital", "none")
STORIES = Path(__file__).parents[3] / "web" / "demo" / "stories"
TRUE_DANGERS = frozenset({"J'ai peur pour ce soir", "Je n'en peux plus, vraiment"})
"""Titles of the demonstration's stories that do tell of a danger."""


@dataclass(frozen=True)
class DangerCount:
    """`recall` and `precision` are shares, 0 to 1; `missed` and `wrong` are texts."""

    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.wrong))


@dataclass(frozen=True)
class Counted:
    """Texts of one label: how many there are, alert, or alert or are put first."""

    texts: int
    alerted: int
    noticed: int


def labelled_dangers() -> list[tuple[bool, str]]:
    """Whether each text calls for an alert, and the text."""
    lines = DANGERS.read_text(encoding="utf-8").splitlines()
    return [(line[0] == "+", line[2:]) for line in lines if line and not line.startswith("#")]


def blocks(path: Path) -> list[str]:
    """What stands between lines of « %% »."""
    return [block.strip() for block in path.read_text(encoding="utf-8").split("\n%%\n")]


def labelled_blocks(path: Path) -> list[tuple[str, str]]:
    """Label and text of each block."""
    pairs = (block.partition("\n") for block in blocks(path))
    return [(label, text) for label, _, text in pairs]


def own_texts() -> list[tuple[str, str]]:
    """Label and text of each line."""
    lines = OWN.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return [(label, text) for label, _, text in pairs]


def ordinary_texts() -> list[str]:
    """The demonstration's stories without danger, the texts in which names are looked for, and
    those written to hold the strong words of ordinary complaints."""
    stories = [
        "\n".join((story["title"], story["text"], story.get("wished", "")))
        for path in sorted(STORIES.glob("*.toml"))
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
        if story["title"] not in TRUE_DANGERS
    ]
    named = (HERE / "development.txt").read_text(encoding="utf-8")
    plain = re.sub(r"\[\[\w+\|([^\]]*)\]\]", r"\1", named)
    named_texts = [text for text in re.split(r"=== \w+\n", plain) if text.strip()]
    return [*stories, *named_texts, *blocks(ORDINARY)]


def measured(
    texts: Iterable[tuple[bool, str]], find: Callable[[str], Sequence[str]]
) -> DangerCount:
    read = [(is_danger, text, bool(find(text))) for is_danger, text in texts]
    return DangerCount(
        found=sum(is_danger and was_found for is_danger, _, was_found in read),
        missed=tuple(text for is_danger, text, was_found in read if is_danger and not was_found),
        wrong=tuple(text for is_danger, text, was_found in read if was_found and not is_danger),
    )


def counted(texts: Iterable[tuple[str, str]]) -> dict[str, Counted]:
    """By label, in the order of `LABELS`; nothing of the texts is kept."""
    graded = Counter((label, danger_of(text).grade) for label, text in texts)
    found = {}
    for label in LABELS:
        by_grade = {grade: graded[label, grade] for grade in Grade}
        total = sum(by_grade.values())
        noticed = total - by_grade[Grade.NONE]
        found[label] = Counted(total, by_grade[Grade.ALERT], noticed)
    return {label: one for label, one in found.items() if one.texts}


def recalled(counts: dict[str, Counted]) -> Counted:
    """All dangers together."""
    dangers = [one for label, one in counts.items() if label != "none"]
    return Counted(
        sum(one.texts for one in dangers),
        sum(one.alerted for one in dangers),
        sum(one.noticed for one in dangers),
    )


def main() -> None:
    files = {"development": DEVELOPMENT, "later": DEVELOPMENT_LATER}
    if "frozen" in sys.argv[1:]:
        files = {"frozen": FROZEN, "frozen later": FROZEN_LATER}
    lots = {name: labelled_blocks(path) for name, path in files.items()}
    if "frozen" not in sys.argv[1:]:
        lots["own"] = own_texts()
    for name, texts in lots.items():
        counts = counted(texts)
        for label, one in {**counts, "all dangers": recalled(counts)}.items():
            print(
                f"{name:12} {label:12} {one.texts:4} alerted {one.alerted:4} noticed {one.noticed}"
            )
    ordinary = counted(("none", text) for text in ordinary_texts())["none"]
    print(f"ordinary {ordinary.texts} alerted {ordinary.alerted} noticed {ordinary.noticed}")


if __name__ == "__main__":
    main()
