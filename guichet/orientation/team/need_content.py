"""What a need says, as the programme team writes it, and what is wrong with it.

Owns the rules of a need, all told at once in French; refuses to write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guichet.core.errors import RuleViolation
from guichet.directory.entries import web_address
from guichet.directory.models import StructureKind
from guichet.orientation.matching.index import plain_words
from guichet.orientation.models import Need, Procedure

MOST_ANSWERS = 6
MOST_LINES = {"phrases": 80, "words": 60, "documents": 15, "procedures": 15, "online": 8}
LINE_NAMES = {
    "phrases": "Façons de le dire",
    "words": "Mots qui suffisent",
    "documents": "À apporter",
    "procedures": "Fiches",
    "online": "En ligne",
}
LONGEST_LINE = {"phrases": 200, "words": 100, "documents": 200, "procedures": 20}
LONGEST_TITLE = 120
LONGEST_WHY = 250
LONGEST_WHEN = 200
LONGEST_URL = 300


@dataclass(frozen=True)
class AnswerLine:
    """A kind of service that answers (its code), why, under which condition; `only_some`: not every
    place of the kind does it, and `find_url` says which."""

    kind: str
    why: str
    when: str = ""
    only_some: bool = False
    find_url: str = ""


@dataclass(frozen=True)
class NeedContent:
    """All that is edited of a need. `procedures` are codes of sheets, the most relevant first;
    `online` are (title, address); `answers` the services, best first."""

    title: str
    theme: str
    audience: str
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    advice: str = ""
    urgent: str = ""
    online: tuple[tuple[str, str], ...] = ()
    out_of_scope: bool = False
    answers: tuple[AnswerLine, ...] = ()


def faults_of(content: NeedContent, need: Need | None) -> list[str]:
    """What forbids to save `content` as `need` (None: a new one), each with how to mend it."""
    return [
        *faults_of_title(content),
        *faults_of_lines(content),
        *faults_of_answers(content),
        *faults_of_procedures(content, need),
        *faults_of_online(content),
        *faults_of_words(content.words, need),
    ]


def faults_of_title(content: NeedContent) -> Iterator[str]:
    if not content.title:
        yield "Il manque le titre : écrivez ce que la personne veut faire, par un verbe."
    if len(content.title) > LONGEST_TITLE:
        yield f"Ce titre est trop long : {LONGEST_TITLE} caractères au plus."
    if not content.theme:
        yield "Choisissez un thème."
    if content.out_of_scope and not content.advice:
        yield "Hors du service public, dites au moins vers qui se tourner, dans « À savoir »."


def faults_of_lines(content: NeedContent) -> Iterator[str]:
    if not content.phrases:
        yield "Écrivez au moins une façon de le dire, avec les mots des gens."
    for name, most in MOST_LINES.items():
        lines = getattr(content, name)
        if len(lines) > most:
            yield f"{LINE_NAMES[name]} : {len(lines)} lignes, {most} au plus."
    for name, longest in LONGEST_LINE.items():
        for line in getattr(content, name):
            if len(line) > longest:
                yield (
                    f"{LINE_NAMES[name]} : « {line[:40]}… » est trop long, {longest} caractères au "
                    "plus."
                )


def faults_of_answers(content: NeedContent) -> Iterator[str]:
    answers = content.answers
    if not answers and not content.out_of_scope:
        yield ("Aucun service ne répond : choisissez-en un, ou cochez « Hors du service public ».")
    if len(answers) > MOST_ANSWERS:
        yield f"{len(answers)} services répondent : {MOST_ANSWERS} au plus."
    labels = dict(
        StructureKind.objects.filter(code__in=[one.kind for one in answers]).values_list(
            "code", "label"
        )
    )
    for code, count in Counter(one.kind for one in answers).items():
        if code not in labels:
            yield unknown_kind(code)
        elif count > 1:
            yield f"« {labels[code]} » est écrit deux fois : gardez une seule ligne."
    for one in answers:
        yield from faults_of_answer(one, labels.get(one.kind, one.kind))


def unknown_kind(typed: str) -> str:
    return (
        f"Nous ne connaissons pas le type de service « {typed[:60]} » : choisissez-le dans la "
        "liste proposée."
    )


def faults_of_answer(one: AnswerLine, label: str) -> Iterator[str]:
    if not one.why:
        yield f"« {label} » : dites en une phrase pourquoi c'est ce service."
    if len(one.why) > LONGEST_WHY or len(one.when) > LONGEST_WHEN:
        yield (
            f"« {label} » : {LONGEST_WHY} caractères au plus pour la raison, {LONGEST_WHEN} pour "
            "la condition."
        )
    if one.find_url:
        yield from faults_of_address(one.find_url, f"« {label} »")


def faults_of_online(content: NeedContent) -> Iterator[str]:
    for title, url in content.online:
        if not title:
            yield f"En ligne : donnez un titre à {url[:60]}, avant une barre « | »."
        yield from faults_of_address(url, f"En ligne, « {title[:40]} »")


def faults_of_address(url: str, where: str) -> Iterator[str]:
    try:
        if len(web_address(url)) > LONGEST_URL:
            yield f"{where} : cette adresse est trop longue, {LONGEST_URL} caractères au plus."
    except RuleViolation as error:
        yield f"{where} : {error}"


def faults_of_procedures(content: NeedContent, need: Need | None) -> Iterator[str]:
    """A sheet that was there already may have been withdrawn since: it stays."""
    new = set(content.procedures) - set(need.procedures if need else ())
    known = Procedure.objects.current().filter(code__in=new).values_list("code", flat=True)
    if unknown := sorted(new - set(known)):
        yield (
            f"Fiches inconnues du catalogue : {', '.join(unknown)}. Recopiez le code d'une fiche "
            "de service-public.fr, comme F19778."
        )


def faults_of_words(words: Iterable[str], need: Need | None) -> Iterator[str]:
    """An expression that alone means a need may mean but one; those kept as they were pass."""
    kept = {tuple(plain_words(word)) for word in (need.words if need else ())}
    new = {key: word for word in words if (key := tuple(plain_words(word))) and key not in kept}
    for title, word in needs_meant_by(new, need):
        yield (
            f"« {word} » veut déjà dire un autre besoin, « {title} » : retirez-le ici, ou là-bas."
        )


def needs_meant_by(
    words: dict[tuple[str, ...], str], but: Need | None
) -> Iterator[tuple[str, str]]:
    """(title of a need, word) for each of `words`, by their plain form, that alone means a need."""
    if not words:
        return
    others = Need.objects.active()
    if but is not None:
        others = others.exclude(pk=but.pk)
    for title, theirs in others.order_by("title").values_list("title", "words"):
        for key in {tuple(plain_words(word)) for word in theirs} & words.keys():
            yield title, words[key]
