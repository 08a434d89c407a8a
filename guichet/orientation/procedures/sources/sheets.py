"""What a sheet of the DILA says (« Vos droits et démarches », schemas 3.3 to 3.5).

Owns where each field stands in the tree; refuses a sheet without a code, a title or an audience,
and leaves aside, with a warning, whatever else cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from guichet.core.text import folded, search_text, without_controls

from .base import Fault, Node, OnlineService, Organism, Read, Sheet

AUDIENCES = {
    "particuliers": "particuliers",
    "professionnels": "professionnels",
    "professionnels-entreprises": "professionnels",
    "entreprendre": "professionnels",
    "entreprises": "professionnels",
    "associations": "associations",
}
ONLINE_TYPES = {
    "téléservice": "teleservice",
    "téléservice personnalisé sur sp": "teleservice",
    "formulaire": "form",
    "simulateur": "simulator",
    "modèle de document": "letter",
    "outil de recherche": "search",
}
SHEET_CODE = re.compile(r"F[0-9]{1,8}")
LONGEST = {"title": 300, "subject": 300, "theme": 200, "folder": 300}
LONGEST_NOTE = 300
LONGEST_URL = 2_000
LONGEST_SHEET_URL = 500

INLINE = frozenset(
    {
        "Citation", "Exposant", "Expression", "Indice", "LienExterne", "LienInterne", "LienIntra",
        "MiseEnEvidence", "TermeEtranger", "Valeur", "Variable",
    }
)  # fmt: skip
APART = frozenset(
    {
        "Abreviation", "Audience", "Canal", "Cible", "CommentFaireSi", "Definition", "DossierPere",
        "FilDAriane", "OuSAdresser", "PourEnSavoirPlus", "QuestionReponse", "Reference",
        "ServiceEnLigne", "SousDossierPere", "SousThemePere", "SurTitre", "Theme", "VoirAussi",
    }
)  # fmt: skip
"""What stands in a field of its own, or speaks of another sheet: not the text of this one."""

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OF_ONE_PLACE = re.compile(r"pour le département (?:des? |du |d')")
_NOT_IN_URL = re.compile(r"[\s<>\"\\]")


def is_sheet(root: Node) -> bool:
    """True for a publication `F…`; the source also holds themes (N) and resources (R)."""
    return root.name == "Publication" and root.attributes.get("ID", "").startswith("F")


def read_sheet(root: Node, *, file: str, line: int = 0, place: str = "") -> Read:
    """Read a publication. `place` is the path that it comes from, which may name the audience."""
    reading = Reading(root, file, line)
    sheet = reading.sheet(place)
    return Read(file, line or root.line, sheet, tuple(reading.faults))


def plain_text(node: Node | None, apart: frozenset[str] = frozenset()) -> str:
    """The text of an element on one line, unbreakable spaces kept, elements `apart` left out.

    Neighbouring elements are kept apart by a space: the JSON form lost the one between them.
    """
    if node is None:
        return ""
    return _SPACES.sub(" ", without_controls("".join(_pieces(node, apart)))).strip()


def _pieces(node: Node, apart: frozenset[str]) -> Iterable[str]:
    after_element = False
    for one in node.children:
        if isinstance(one, str):
            yield one
            after_element = False
        elif one.name not in apart:
            is_block = one.name not in INLINE
            if is_block or after_element:
                yield " "
            yield from _pieces(one, apart)
            if is_block:
                yield " "
            after_element = True


class Reading:
    """One sheet being read, and what was found wrong in it."""

    def __init__(self, root: Node, file: str, line: int) -> None:
        self.root = root
        self.file = file
        self.line = line
        self.code = root.attributes.get("ID", "")
        self.faults: list[Fault] = []

    def sheet(self, place: str) -> Sheet | None:
        audience = self.audience(place)
        title = self.cut("title", self.text_of("dc:title"), self.root.first("dc:title"))
        self.check_code()
        if not title:
            self.refuse("dc:title", "", "La fiche n'a pas de titre : complétez-la dans la source.")
        if not audience:
            self.refuse(
                "FilDAriane",
                ", ".join(plain_text(one) for one in self.root.elements("Audience")),
                "Le public de la fiche n'est pas reconnu : son fil d'Ariane doit commencer par "
                "Particuliers, Professionnels ou Associations.",
            )
        url = self.root.attributes.get("spUrl", "")
        url = self.address(url, "spUrl", self.root, LONGEST_SHEET_URL)
        sheet = Sheet(
            code=self.code,
            audience=audience,
            title=title,
            subject=self.cut("subject", self.text_of("dc:subject")),
            theme=self.cut("theme", self.title_of("Theme")),
            folder=self.cut("folder", self.title_of("DossierPere")),
            description=self.text_of("dc:description"),
            text=self.body(),
            organisms=self.organisms(),
            online=self.online(url),
            url=url,
            updated_on=self.updated_on(),
        )
        return None if any(fault.severity == "error" for fault in self.faults) else sheet

    def check_code(self) -> None:
        expected = self.file.rpartition("/")[2].partition(".")[0]
        if not SHEET_CODE.fullmatch(self.code):
            self.refuse("ID", self.code, "Le code d'une fiche est un F suivi de chiffres.")
        elif SHEET_CODE.fullmatch(expected) and expected != self.code:
            self.refuse(
                "ID",
                self.code,
                f"Le fichier porte le nom d'une autre fiche ({expected}) : téléchargez de nouveau "
                "le catalogue.",
            )

    def audience(self, place: str) -> str:
        """The flow that the sheet belongs to; a sheet of two audiences stands in both flows."""
        trail = self.root.first("FilDAriane")
        levels = trail.elements("Niveau") if trail else []
        said = [level.attributes.get("ID", "") for level in levels[:1]]
        said += place.split("/")
        stated = [plain_text(one) for one in self.root.elements("Audience")]
        said += stated if len(stated) == 1 else []
        known = (AUDIENCES.get(folded(one).strip()) for one in said)
        return next((audience for audience in known if audience), "")

    def text_of(self, name: str) -> str:
        return plain_text(self.root.first(name))

    def title_of(self, name: str) -> str:
        parent = self.root.first(name)
        return plain_text(parent.first("Titre")) if parent else ""

    def body(self) -> str:
        body = Node("", {})
        body.children = [
            one
            for one in self.root.children
            if isinstance(one, Node) and not one.name.startswith("dc:")
        ]
        return plain_text(body, APART)

    def organisms(self) -> tuple[Organism, ...]:
        """Each organism once, in the sheet's order, with all that is said of when to go there."""
        found: dict[tuple[str, str], Organism] = {}
        for node in self.root.everything("OuSAdresser"):
            title = plain_text(node.first("Titre"))
            if not title:
                self.warn("OuSAdresser", node.attributes.get("ID", ""), "Organisme sans nom.", node)
                continue
            pivot = plain_text(node.first("PivotLocal"))
            site = node.first("RessourceWeb")
            held = found.get((pivot, folded(title)), Organism(title, pivot))
            url = held.url or self.address(site.attributes.get("URL", "") if site else "", "", node)
            note = joined_notes(held.note, plain_text(node.first("Complement")))
            found[pivot, folded(title)] = Organism(held.title, pivot, note, url)
        return tuple(found.values())

    def online(self, sheet_url: str) -> tuple[OnlineService, ...]:
        """Each online service once, in the sheet's order, those of one département last.

        A model of letter has no address but its page, which stands beside the sheet's.
        """
        found: dict[OnlineService, None] = {}
        for node in self.root.everything("ServiceEnLigne"):
            type_name = node.attributes.get("type", "")
            kind = ONLINE_TYPES.get(type_name.strip().lower())
            title = plain_text(node.first("Titre"))
            if not kind or not title:
                message = "Service en ligne sans nom." if kind else "Sorte de service inconnue."
                self.warn(
                    "ServiceEnLigne", type_name or node.attributes.get("ID", ""), message, node
                )
                continue
            url = self.address(node.attributes.get("URL", ""), "ServiceEnLigne", node)
            if not url and sheet_url.endswith(f"/{self.code}") and "ID" in node.attributes:
                url = sheet_url.removesuffix(self.code) + node.attributes["ID"]
            cerfa = search_text(node.attributes.get("numerocerfa", ""))
            found[OnlineService(kind, title, url, cerfa)] = None
        return tuple(sorted(found, key=lambda one: bool(_OF_ONE_PLACE.search(one.title))))

    def updated_on(self) -> date | None:
        said = self.text_of("dc:date")
        days = _DAY.findall(said)
        try:
            return max(date.fromisoformat(day) for day in days)
        except ValueError:
            message = "La date de la fiche (dc:date) manque ou n'existe pas : attendue AAAA-MM-JJ."
            self.warn("dc:date", said, message, self.root.first("dc:date"))
            return None

    def address(self, url: str, field: str, node: Node, longest: int = LONGEST_URL) -> str:
        """A web address as it can be stored and followed, else nothing."""
        url = url.strip()
        if url and (len(url) > longest or not is_web_address(url)):
            message = (
                f"Cette adresse n'est pas celle d'une page web (http ou https, {longest} "
                "caractères au plus)."
            )
            self.warn(field or node.name, url, message, node)
            return ""
        return url

    def cut(self, name: str, text: str, node: Node | None = None) -> str:
        longest = LONGEST[name]
        if len(text) > longest:
            self.warn(name, text, f"Texte de plus de {longest} caractères : coupé.", node, "coupé")
        return text[:longest]

    def refuse(self, field: str, value: str, message: str) -> None:
        self.add(field, value, message, self.root, "fiche refusée", "error")

    def warn(
        self, field: str, value: str, message: str, node: Node | None, done: str = "laissé de côté"
    ) -> None:
        self.add(field, value, message, node or self.root, done, "warning")

    def add(
        self, field: str, value: str, message: str, node: Node, done: str, severity: str
    ) -> None:
        line = self.line or node.line
        fault = Fault(self.file, line, self.code, field, value[:200], message, done, severity)
        self.faults.append(fault)


def joined_notes(held: str, other: str) -> str:
    """Both notes, each said once, as far as they fit."""
    both = f"{held} ; {other}" if held and other else held or other
    is_said = other in held.split(" ; ") or len(both) > LONGEST_NOTE
    return held if held and is_said else both[:LONGEST_NOTE]


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return is_web and url.isprintable() and not _NOT_IN_URL.search(url)
