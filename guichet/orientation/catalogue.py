"""The catalogue that the search reads, kept ready in each process.

Owns when it is rebuilt; refuses to judge what was found.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from threading import Lock

from guichet.orientation.matching.index import Document, Index, Meaning, Reading, Scored
from guichet.orientation.matching.verdict import Meant, Verdict, judge
from guichet.orientation.models import CatalogueVersion, Need, Procedure, Synonym

URGENCIES = "urgences"
SHEET_WEIGHT = 0.8
"""A sheet's own words are the administration's: a need that the team wrote goes first."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a document is called, its code in addresses, its urgency, and whether it is of the
    theme of urgencies."""

    code: str
    title: str
    urgent: str = ""
    is_first_aid: bool = False


@dataclass(frozen=True)
class Catalogue:
    """The needs and the sheets, found by their own words; what each stands for, how it is called,
    and the version that they were built from."""

    version: int
    needs: Index
    sheets: Index
    meant: dict[str, Meant]
    named: dict[str, Named]

    def read(self, text: str) -> Reading:
        """The needs and sheets that `text` may mean, best first."""
        of_needs, of_sheets = self.needs.read(text), self.sheets.read(text)
        sheets = (Scored(one.key, one.score * SHEET_WEIGHT) for one in of_sheets.found)
        found = sorted((*of_needs.found, *sheets), key=lambda one: -one.score)
        unknown = {*of_sheets.unknown}
        heard = tuple(one for one in of_needs.heard if one.is_known or one.word in unknown)
        return Reading(heard, tuple(found))

    def judge(self, text: str) -> tuple[Verdict, Reading]:
        reading = self.read(text)
        return judge(reading, self.meant.__getitem__), reading


_built: dict[int, Catalogue] = {}
_building = Lock()
MOST_BUILT = 2
"""The catalogue of today, and that of before for the requests that began with it."""


def catalogue() -> Catalogue:
    """Today's catalogue; built again in this process once it has changed (a few seconds). While one
    thread builds it, the others read the one of before."""
    version = current_version()
    if found := _built.get(version):
        return found
    if _built and not _building.acquire(blocking=False):
        return _built[next(reversed(_built))]
    if not _built:
        _building.acquire()
    try:
        if version not in _built:
            while len(_built) >= MOST_BUILT:
                del _built[next(iter(_built))]
            _built[version] = build(version)
        return _built[version]
    finally:
        _building.release()


def catalogue_changed() -> None:
    """To call with each write that the search must see, in the same transaction.

    A version is drawn, not counted: one that was rolled back is never met again.
    """
    CatalogueVersion.objects.update_or_create(pk=1, defaults={"number": secrets.randbits(60)})


def current_version() -> int:
    return CatalogueVersion.objects.values_list("number", flat=True).first() or 0


def build(version: int) -> Catalogue:
    meanings = [
        Meaning(one.typed, one.means, one.replaces)
        for one in Synonym.objects.filter(is_active=True)
    ]
    needs = list(Need.objects.active().prefetch_related("answers"))
    sheets = list(Procedure.objects.current().exclude(kinds=[]))
    titles = {sheet.code: sheet.title for sheet in sheets}
    return Catalogue(
        version=version,
        needs=Index((need_document(need, titles) for need in needs), meanings),
        sheets=Index(map(sheet_document, sheets), meanings),
        meant={need_key(need): meant_by_need(need) for need in needs}
        | {sheet_key(sheet): Meant(tuple(sheet.kinds)) for sheet in sheets},
        named={need_key(need): named_need(need) for need in needs}
        | {sheet_key(sheet): Named(sheet.code, sheet.title) for sheet in sheets},
    )


def need_key(need: Need) -> str:
    return f"need:{need.pk}"


def sheet_key(sheet: Procedure) -> str:
    return f"procedure:{sheet.pk}"


def named_need(need: Need) -> Named:
    return Named(need.code, need.title, need.urgent, is_first_aid=need.theme == URGENCIES)


def meant_by_need(need: Need) -> Meant:
    return Meant(tuple(answer.kind_id for answer in need.answers.all()), need.out_of_scope)


def need_document(need: Need, titles: dict[str, str]) -> Document:
    return Document(
        key=need_key(need),
        phrases=(need.title, *need.phrases),
        words=tuple(need.words),
        body=" ".join(titles.get(code, "") for code in need.procedures),
        yields=need.out_of_scope,
    )


def sheet_document(sheet: Procedure) -> Document:
    said = (sheet.subject, sheet.folder, sheet.description, sheet.keywords)
    return Document(key=sheet_key(sheet), phrases=(sheet.title,), body=" ".join(said))
