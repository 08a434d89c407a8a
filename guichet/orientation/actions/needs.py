"""The programme team writes the needs that the search knows, and the services that answer.

Owns `Need` and `NeedAnswer`; refuses what `need_content` finds wrong. The search sees each write.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from guichet.accounts.audit import audited_save, record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded
from guichet.directory.models import StructureKind
from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.models import Need, NeedAnswer
from guichet.orientation.reference_tables import NEED_FIELDS, shipped_needs
from guichet.orientation.team.need_content import AnswerLine, NeedContent, faults_of

RESERVED_CODES = frozenset({"creer"})
"""Addresses of other pages."""

LONGEST_CODE = 80


@transaction.atomic
def create_need(*, content: NeedContent, by: User) -> Need:
    """A need that no table ships; its code comes from its title."""
    refuse_faults(content, None)
    need = Need(code=free_code(content.title), edited_at=timezone.now(), edited_by=by)
    put(content, need)
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as error:
        raise RuleViolation(
            "Un besoin du même titre vient d'être créé : ouvrez-le dans la liste."
        ) from error
    write_answers(need, content.answers)
    record(
        by=by,
        action="need.created",
        subject=need,
        after={"title": need.title, "services": told(content.answers)},
    )
    catalogue_changed()
    return need


@transaction.atomic
def edit_need(*, need: Need, content: NeedContent, by: User) -> bool:
    """Write what differs; False when nothing does. `RuleViolation` for what is wrong in it."""
    stored = locked(need)
    refuse_faults(content, stored)
    put(content, stored)
    event = audited_save(stored, by=by, action="need.edited", fields=NEED_FIELDS)
    if not (change_answers(stored, content.answers, by) or event):
        return False
    mark_edited(stored, by)
    return True


@transaction.atomic
def add_phrase(*, need: Need, phrase: str, by: User) -> bool:
    """One more way to say a need; False when it is said so already."""
    stored = locked(need)
    phrase = " ".join(phrase.split())
    if not phrase:
        raise RuleViolation("Il n'y a rien à ajouter : ces mots sont vides.")
    if folded(phrase) in {folded(one) for one in (stored.title, *stored.phrases)}:
        return False
    stored.phrases = [*stored.phrases, phrase[:200]]
    audited_save(stored, by=by, action="need.edited", fields=["phrases"])
    mark_edited(stored, by)
    return True


@transaction.atomic
def set_need_active(*, need: Need, active: bool, by: User) -> None:
    """Propose a need, or no longer; it stays in the figures that counted it."""
    stored = locked(need)
    stored.is_active = active
    action = "need.reactivated" if active else "need.deactivated"
    if audited_save(stored, by=by, action=action, fields=["is_active"]):
        mark_edited(stored, by)


@transaction.atomic
def restore_need(*, need: Need, by: User) -> None:
    """Back to what is shipped; the next editions are then followed again."""
    row = shipped_rows().get(need.code)
    if row is None:
        raise RuleViolation("Ce besoin n'est pas livré avec la plateforme : il n'a que vos mots.")
    stored = locked(need)
    content = shipped_content(row)
    put(content, stored)
    stored.is_active = True
    audited_save(stored, by=by, action="need.restored", fields=[*NEED_FIELDS, "is_active"])
    change_answers(stored, content.answers, by)
    Need.objects.filter(pk=stored.pk).update(edited_at=None, edited_by=None)
    catalogue_changed()


def locked(need: Need) -> Need:
    return Need.objects.select_for_update().get(pk=need.pk)


def refuse_faults(content: NeedContent, need: Need | None) -> None:
    if faults := faults_of(content, need):
        raise RuleViolation(" ".join(faults))


def put(content: NeedContent, need: Need) -> None:
    """The fields, as the model keeps them; answers are rows of their own."""
    for name in NEED_FIELDS:
        value = getattr(content, name)
        setattr(need, name, list(value) if isinstance(value, tuple) else value)
    need.online = [{"title": title, "url": url} for title, url in content.online]


def mark_edited(need: Need, by: User) -> None:
    Need.objects.filter(pk=need.pk).update(edited_at=timezone.now(), edited_by=by)
    catalogue_changed()


def change_answers(need: Need, answers: Iterable[AnswerLine], by: User) -> bool:
    """Write the services that answer when they differ from those stored."""
    wanted = tuple(answers)
    before = answers_of(need)
    if before == wanted:
        return False
    write_answers(need, wanted)
    record(
        by=by,
        action="need.answers_edited",
        subject=need,
        before={"services": told(before)},
        after={"services": told(wanted)},
    )
    return True


def answers_of(need: Need) -> tuple[AnswerLine, ...]:
    return tuple(
        AnswerLine(one.kind_id, one.why, one.when, one.only_some, one.find_url)
        for one in need.answers.all()
    )


def write_answers(need: Need, answers: Iterable[AnswerLine]) -> None:
    NeedAnswer.objects.filter(need=need).delete()
    NeedAnswer.objects.bulk_create(
        NeedAnswer(
            need=need,
            rank=rank,
            kind_id=one.kind,
            why=one.why,
            when=one.when,
            only_some=one.only_some,
            find_url=one.find_url,
        )
        for rank, one in enumerate(answers)
    )


def told(answers: Iterable[AnswerLine]) -> list[str]:
    """What the audit keeps of the services."""
    rows = tuple(answers)
    kinds = StructureKind.objects.filter(code__in=[one.kind for one in rows])
    labels = dict(kinds.values_list("code", "label"))
    return [
        " – ".join(
            part
            for part in (
                labels[one.kind],
                one.why,
                one.when,
                "certains lieux seulement" if one.only_some else "",
                one.find_url,
            )
            if part
        )
        for one in rows
    ]


def free_code(title: str) -> str:
    """The title as an address, with a number where it is taken."""
    base = slugify(title)[: LONGEST_CODE - 4].strip("-") or "besoin"
    codes = set(Need.objects.filter(code__startswith=base).values_list("code", flat=True))
    codes |= RESERVED_CODES
    numbered = (f"{base}-{number}" for number in range(2, len(codes) + 3))
    return base if base not in codes else next(code for code in numbered if code not in codes)


@lru_cache(maxsize=1)
def shipped_rows() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in shipped_needs()}


def is_shipped(need: Need) -> bool:
    return need.code in shipped_rows()


def shipped_content(row: dict[str, Any]) -> NeedContent:
    """A row of `reference/needs/*.toml`."""
    return NeedContent(
        title=row["title"],
        theme=row["theme"],
        audience=row.get("audience", "particuliers"),
        phrases=tuple(row["phrases"]),
        words=tuple(row["words"]),
        procedures=tuple(row["procedures"]),
        documents=tuple(row["documents"]),
        advice=row["advice"],
        urgent=row["urgent"],
        online=tuple((one["title"], one["url"]) for one in row.get("online", [])),
        out_of_scope=row.get("out_of_scope", False),
        answers=tuple(AnswerLine(**one) for one in row.get("services", [])),
    )
