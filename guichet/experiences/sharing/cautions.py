"""What is pointed out to who writes, without stopping them: personal data that the patterns find,
a name that looks real, a likely slip in an address.

Owns the words and what to do; refuses to change what was written. Plain Python.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from guichet.core.text import folded
from guichet.moderation.chosen_names import PSEUDONYM, without_chosen_name
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import LABELS, REPLACEMENTS, Kind

NBSP = "\u00a0"
FULL_NAME = "prénom et nom"
NICKNAME = (
    "Il sera lu par tout le monde. Choisissez plutôt un surnom : « Un habitant de Lille », "
    "« Maman solo »."
)
OWN_NAME = "Aucun nom n'est demandé : un prénom ou un pseudonyme suffit."
SAYS_OWN = re.compile(
    r"(?:\bm['’ ]?appel+e|\bje me (?:nomme|prénomme)|\bmon nom (?:est|c['’]est)"
    r"|\bmoi,? c['’]est|\bsoussignée?|\bje suis|\bsigné|\bcordialement|\bsalutations(?: \w+)?"
    r"|\bbien à vous|\bmerci(?: d['’]avance)?)"
    r"[\s,.:!–-]*(?:(?:mme|mlle|mr|madame|monsieur|mademoiselle)\b\s*|m\.\s*)?$",
    re.IGNORECASE,
)
"""What stands before the name of who writes: « je m'appelle », « Cordialement, »."""
AROUND = 24
MOST_SHOWN = 12
WHERE = {
    "wished": "dans ce qui aurait aidé",
    "title": "dans le titre",
    PSEUDONYM: "dans le pseudonyme",
}
ADVICE = {
    Kind.NAME: "Écrivez plutôt « l'agent », « ma voisine », « mon fils ».",
    Kind.NIR: "Enlevez-le : personne n'en a besoin pour vous répondre ici.",
    Kind.PHONE: "Enlevez-le : le service ne rappelle pas depuis ce site.",
    Kind.EMAIL: "Enlevez-la : elle est demandée plus loin, et n'est jamais affichée.",
    Kind.ADDRESS: "Écrivez seulement la commune.",
    Kind.IBAN: "Enlevez-les : elles permettraient de vous voler.",
    Kind.PLATE: "Enlevez-la, ou écrivez « ma voiture ».",
    Kind.BIRTH_DATE: "Écrivez plutôt un âge : « 68 ans ».",
    Kind.FILE_NUMBER: "Enlevez-le : un récit ne traite pas un dossier.",
    Kind.URL: "Enlevez-la : elle contient un identifiant.",
}
DOMAINS = (
    "gmail.com",
    "hotmail.com",
    "hotmail.fr",
    "outlook.com",
    "outlook.fr",
    "live.fr",
    "yahoo.fr",
    "yahoo.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "neuf.fr",
    "laposte.net",
    "bbox.fr",
    "icloud.com",
    "protonmail.com",
)
CORRECT_DOMAINS = {*DOMAINS, "mail.com", "gmx.com", "gmx.fr", "ymail.com", "email.com", "me.com"}
LIKENESS = 0.82
NOT_A_NAME = {
    *("un", "une", "le", "la", "les", "mon", "ma", "mes", "du", "de", "des", "en", "et", "au"),
    *("anonyme", "habitant", "habitante", "usager", "usagère", "citoyen", "citoyenne", "client"),
    *("maman", "papa", "mamie", "papi", "père", "mère", "parent", "famille", "voisin", "voisine"),
    *("grand", "grande", "petit", "petite", "jeune", "vieux", "vieille", "retraité", "retraitée"),
    *("agent", "agente", "étudiant", "étudiante", "aidant", "aidante", "salarié", "salariée"),
    *("nord", "sud", "est", "ouest", "ville", "village", "france", "association", "solo"),
}


@dataclass(frozen=True)
class Caution:
    """One thing pointed out: `found` between a few words `before` and `after` it, `where` it is
    (empty in the story itself), what it looks like and what to do."""

    found: str
    before: str
    after: str
    where: str
    looks_like: str
    advice: str
    becomes: str = ""


def story_cautions(texts: Mapping[str, str]) -> list[Caution]:
    """The personal data in the texts, by the name of their field, in the order of reading."""
    found = [
        (name, text, span)
        for name, text in texts.items()
        for span in without_chosen_name(name, text, found_by_patterns(text))
    ]
    own = {
        folded(text[span.start : span.end])
        for name, text, span in found
        if span.kind is Kind.NAME and SAYS_OWN.search(text[: span.start])
    }
    return [caution_at(name, text, span, own) for name, text, span in found[:MOST_SHOWN]]


def caution_at(name: str, text: str, span: Span, own: Collection[str]) -> Caution:
    """`own` are the names, folded, under which who writes introduces themselves."""
    found = text[span.start : span.end]
    is_name = span.kind is Kind.NAME
    is_own = is_name and folded(found) in own
    is_pseudonym = is_name and name == PSEUDONYM
    advice = NICKNAME if is_pseudonym else OWN_NAME if is_own else ADVICE[span.kind]
    return Caution(
        found=found,
        before=said_before(text[: span.start]),
        after=said_after(text[span.end :]),
        where=unbroken(WHERE.get(name, "")),
        looks_like=FULL_NAME if is_pseudonym else LABELS[span.kind],
        advice=unbroken(advice),
        becomes=REPLACEMENTS[span.kind],
    )


def said_before(text: str) -> str:
    """The last words of `text`, whole."""
    if len(text) <= AROUND:
        return text.lstrip()
    return f"…{text[-AROUND:].partition(' ')[2]}"


def said_after(text: str) -> str:
    """The first words of `text`, whole."""
    if len(text) <= AROUND:
        return text.rstrip()
    return f"{text[:AROUND].rpartition(' ')[0].rstrip('.,;:')}…"


def unbroken(words: str) -> str:
    """`words` whose French quotes and signs never begin a line."""
    for mark in ("»", ":", "?"):
        words = words.replace(f" {mark}", f"{NBSP}{mark}")
    return words.replace("« ", f"«{NBSP}")


def author_cautions(pseudonym: str, email: str) -> list[Caution]:
    """A pseudonym that tells who it is, or looks like a real name; a likely slip in an address."""
    cautions = story_cautions({PSEUDONYM: pseudonym})
    if not cautions and looks_like_a_full_name(pseudonym):
        cautions.append(
            Caution(
                found=pseudonym,
                before="",
                after="",
                where=WHERE[PSEUDONYM],
                looks_like=FULL_NAME,
                advice=unbroken(NICKNAME),
            )
        )
    if corrected := corrected_email(email):
        cautions.append(
            Caution(
                found=email,
                before="",
                after="",
                where="dans l'adresse",
                looks_like="faute de frappe",
                advice=unbroken(f"Vouliez-vous écrire {corrected} ?"),
            )
        )
    return cautions


def looks_like_a_full_name(pseudonym: str) -> bool:
    """True for two or three words that each begin with a capital and are no common word."""
    words = re.findall(r"[^\W\d_][\w'’-]*", pseudonym)
    is_short = 2 <= len(words) <= 3
    return is_short and all(
        word[0].isupper() and len(word) > 1 and word.casefold() not in NOT_A_NAME for word in words
    )


def corrected_email(email: str) -> str:
    """What was likely meant by an address whose domain is nearly a common one; else empty."""
    local, _, domain = email.partition("@")
    domain = domain.casefold()
    if not local or not domain or domain in CORRECT_DOMAINS:
        return ""
    like = get_close_matches(domain, DOMAINS, n=1, cutoff=LIKENESS)
    return f"{local}@{like[0]}" if like else ""


def caution_mark(cautions: Iterable[Caution]) -> str:
    """What a form carries to say that these very cautions were read; empty when there is none."""
    told = "|".join(f"{one.where}:{one.found}" for one in cautions)
    return hashlib.sha256(told.encode()).hexdigest()[:32] if told else ""
