"""The catalogue that the search reads, kept ready in each process.

Owns when it is rebuilt; refuses to judge what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from django.db.models import F

from guichet.orientation.matching.index import Document, Index, Meaning
from guichet.orientation.matching.verdict import Meant
from guichet.orientation.models import CatalogueVersion, Need, Procedure, Synonym

PROCEDURE_WEIGHT = 0.8
"""A sheet's own words are the administration's: a need that the team wrote goes first."""


@dataclass(frozen=True)
class Catalogue:
    """The index, what each of its documents stands for, and the version that it was built from."""

    version: int
    index: Index
    meant: dict[str, Meant]


_built: Catalogue | None = None
_building = Lock()


def catalogue() -> Catalogue:
    """Today's catalogue; built again in this process once it has changed (about a second)."""
    global _built
    version = current_version()
    with _building:
        if _built is None or _built.version != version:
            _built = build(version)
        return _built


def catalogue_changed() -> None:
    """To call with each write that the search must see, in the same transaction."""
    CatalogueVersion.objects.get_or_create(pk=1)
    CatalogueVersion.objects.filter(pk=1).update(number=F("number") + 1)


def current_version() -> int:
    return CatalogueVersion.objects.values_list("number", flat=True).first() or 0


def build(version: int) -> Catalogue:
    documents: list[Document] = []
    meant: dict[str, Meant] = {}
    titles = dict(Procedure.objects.current().values_list("code", "title"))
    for need in Need.objects.active().prefetch_related("answers"):
        documents.append(need_document(need, titles))
        kinds = tuple(answer.kind_id for answer in need.answers.all())
        meant[f"need:{need.pk}"] = Meant(kinds, need.out_of_scope)
    for procedure in Procedure.objects.current().exclude(kinds=[]):
        documents.append(procedure_document(procedure))
        meant[f"procedure:{procedure.pk}"] = Meant(tuple(procedure.kinds))
    meanings = [
        Meaning(one.typed, one.means, one.replaces)
        for one in Synonym.objects.filter(is_active=True)
    ]
    return Catalogue(version, Index(documents, meanings), meant)


def need_document(need: Need, titles: dict[str, str]) -> Document:
    return Document(
        key=f"need:{need.pk}",
        phrases=(need.title, *need.phrases),
        words=tuple(need.words),
        body=" ".join(titles.get(code, "") for code in need.procedures),
    )


def procedure_document(procedure: Procedure) -> Document:
    said = (procedure.subject, procedure.folder, procedure.description, procedure.keywords)
    return Document(
        key=f"procedure:{procedure.pk}",
        phrases=(procedure.title,),
        body=" ".join(said),
        weight=PROCEDURE_WEIGHT,
    )
