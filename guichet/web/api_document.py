"""The API described: OpenAPI 3.1 for machines, one page in French for people.

Owns what both say of parameters, answers and errors; refuses any file from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from guichet.web.problems import PROBLEM_TYPE

PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "Une erreur (RFC 9457)",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Paramètre non valable"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "examples": ["À corriger : limit."]},
        "errors": {
            "type": "array",
            "description": "Les paramètres à corriger",
            "items": {
                "type": "object",
                "required": ["parameter", "reason"],
                "properties": {"parameter": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
ANSWERS = {
    "200": "Réponse",
    "201": "Accepté",
    "301": "Le lieu a un autre code : suivez l'en-tête Location",
    "304": "Inchangé depuis l'ETag envoyé dans If-None-Match",
    "401": "Jeton absent, inconnu ou révoqué",
    "404": "Introuvable : le message dit ce qui n'existe pas",
    "409": "À confirmer : rien n'est pris, le message dit pourquoi",
    "413": "Envoi trop lourd",
    "422": "À corriger : le message dit quoi et comment l'écrire",
    "429": "Trop de demandes en peu de temps",
}
PROBLEMS = ("401", "404", "409", "413", "422", "429")
WITH_TOKEN = ("401", "429")
OF_SENDING = ("409", "413", "422")
TYPE_NAMES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "array": "liste",
    "null": "null",
}
MOST_PARTS = 5
FORMAT_NAMES = {"date": "date", "date-time": "date et heure"}


class DocumentedApi(NinjaAPI):
    """Adds to each operation the answers that all of them may give."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        for methods in document["paths"].values():
            for operation in methods.values():
                complete(operation)
        return document


def complete(operation: dict[str, Any]) -> None:
    """Errors, descriptions in French, and examples where OpenAPI wants them."""
    is_one_thing = any(one["in"] == "path" for one in operation["parameters"])
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    if "requestBody" in operation:
        statuses = {*answers, "404", *OF_SENDING}
    else:
        statuses = {*answers, "304", "404", *(["301"] if is_one_thing else ["422"])}
    if "security" in operation:
        statuses |= set(WITH_TOKEN)
    operation["responses"] = {
        status: answer_of(status, answers.get(status, {})) for status in sorted(statuses)
    }
    for parameter in operation["parameters"]:
        example = parameter["schema"].pop("example", None)
        if example is not None:
            parameter["example"] = example


def answer_of(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    if status in PROBLEMS:
        content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        return {"description": ANSWERS[status], "content": content}
    return {**answer, "description": ANSWERS.get(status, answer.get("description", ""))}


@dataclass(frozen=True)
class Field:
    """A parameter or a part of an answer."""

    name: str
    type: str
    description: str
    default: str = ""


@dataclass(frozen=True)
class Operation:
    """What the page says of one address. `item` is described once, where it first comes."""

    method: str
    path: str
    anchor: str
    summary: str
    description: str
    parameters: list[Field]
    answer: list[Field]
    item: list[Field]
    described_at: str
    example_url: str


class DocumentPage(DocsBase):
    """The documentation, as a page of the site."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **arguments: Any) -> HttpResponse:
        document = api.get_openapi_schema(path_params=arguments)
        context = {
            "api": document["info"],
            "operations": operations_of(document),
            "problem": fields_of(PROBLEM_SCHEMA, {}),
            "openapi_url": self.get_openapi_url(api, arguments),
        }
        return render(request, "web/api_docs.html", context)


def operations_of(document: dict[str, Any]) -> list[Operation]:
    schemas = document["components"]["schemas"]
    described: dict[str, str] = {}
    return [
        operation_of(method, path, details, schemas, described)
        for path, methods in document["paths"].items()
        for method, details in methods.items()
    ]


def operation_of(
    method: str,
    path: str,
    details: dict[str, Any],
    schemas: dict[str, Any],
    described: dict[str, str],
) -> Operation:
    """`described` maps what an earlier operation has described to where it stands."""
    anchor = details["operationId"]
    success = details["responses"].get("200") or details["responses"]["201"]
    reference = success["content"]["application/json"]["schema"]["$ref"]
    answer = resolved({"$ref": reference}, schemas)
    items = answer["properties"].get("items")
    item_reference = items["items"]["$ref"] if items else ""
    described_at = described.get(reference, "")
    described.setdefault(item_reference, anchor)
    is_open = method == "get" and "security" not in details
    return Operation(
        method=method.upper(),
        path=path,
        anchor=anchor,
        summary=details["summary"],
        description=details.get("description", ""),
        parameters=[
            Field(
                name=one["name"],
                type=type_of(one["schema"], schemas),
                description=one.get("description", ""),
                default=default_of(one["schema"]),
            )
            for one in details["parameters"]
        ],
        answer=[] if described_at else fields_of(answer, schemas),
        item=fields_of(resolved(items["items"], schemas), schemas) if items else [],
        described_at=described_at,
        example_url=example_url(path, details["parameters"]) if is_open else "",
    )


def fields_of(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Field]:
    return [
        Field(name, type_of(part, schemas), part.get("description", ""))
        for name, part in schema["properties"].items()
    ]


def resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    found: dict[str, Any] = schemas[reference.rsplit("/", 1)[-1]] if reference else schema
    return found


def type_of(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """ "texte", "liste de textes", "objet (insee_code, name)", "entier ou null"."""
    if "anyOf" in schema:
        return " ou ".join(type_of(one, schemas) for one in schema["anyOf"])
    if "$ref" in schema:
        parts = resolved(schema, schemas)["properties"]
        return f"objet ({', '.join(parts)})" if len(parts) <= MOST_PARTS else "objet"
    if schema.get("type") == "array":
        return f"liste : {type_of(schema['items'], schemas)}"
    if schema.get("type") == "object":
        return f"objet ({', '.join(schema.get('properties', {}))})"
    return FORMAT_NAMES.get(schema.get("format", "")) or TYPE_NAMES[schema["type"]]


def default_of(schema: dict[str, Any]) -> str:
    default = schema.get("default", "")
    if isinstance(default, bool):
        return str(default).lower()
    limits = f" (de {schema['minimum']} à {schema['maximum']})" if "maximum" in schema else ""
    return f"{default}{limits}"


def example_url(path: str, parameters: list[dict[str, Any]]) -> str:
    """An address that answers something, where the parameters have examples; empty when a part
    of the address has none."""
    asked = {one["name"]: one["example"] for one in parameters if "example" in one}
    for one in parameters:
        if one["in"] == "path":
            if one["name"] not in asked:
                return ""
            path = path.replace(f"{{{one['name']}}}", str(asked.pop(one["name"], "")))
    return f"{path}?{urlencode(asked)}" if asked else path
