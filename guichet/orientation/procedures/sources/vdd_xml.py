"""A sheet as the DILA publishes it: one XML file (schemas 3.3 to 3.5).

Owns the safe reading of XML; refuses any document type declaration, hence entities of all sorts,
and trees that no sheet has (too deep, too many elements).
"""

from __future__ import annotations

from xml.parsers import expat

from .base import Node
from .fiches_json import MAX_DEPTH, UnreadableTree

MAX_ELEMENTS = 100_000


def parse_xml(content: bytes) -> Node:
    """The root element of an XML file. Raises `UnreadableTree` with the line."""
    return _Builder().build(content)


class _Builder:
    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[Node] = []
        self._root: Node | None = None
        self._count = 0

    def build(self, content: bytes) -> Node:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            raise UnreadableTree(
                f"Le fichier n'est pas du XML complet (colonne {error.offset + 1}).", error.lineno
            ) from error
        except (LookupError, ValueError) as error:
            raise UnreadableTree(
                "L'encodage du fichier n'est pas reconnu : UTF-8 attendu."
            ) from error
        if self._root is None:
            raise UnreadableTree("Le fichier n'a aucun élément.")
        return self._root

    def _refuse_doctype(self, *declaration: object) -> None:
        raise UnreadableTree(
            "Le fichier déclare un type de document (DOCTYPE) : refusé par prudence, car une fiche "
            "n'en a pas. Téléchargez-le de nouveau depuis sa source.",
            self._parser.CurrentLineNumber,
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise UnreadableTree("La fiche a trop d'éléments, ou est imbriquée à l'excès.", line)
        node = Node(name, attributes, line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if text.strip():
            self._open[-1].children.append(text)
