"""What describes the open data to machines: Table Schema, DCAT-AP catalogue.

Owns these documents; refuses to know addresses, which are given. Sources: Table Schema 1.0
(Frictionless), DCAT-AP 3.0 (SEMIC), whose vocabularies are those of the European Union.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guichet.core.extensions import OpenTable
from guichet.publication.open_data.writers import MEDIA_TYPES

AUTHORITY = "http://publications.europa.eu/resource/authority/"
FILE_TYPES = {"csv": "CSV", "json": "JSON", "parquet": "PARQUET", "zip": "ZIP"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Distribution:
    """A file to download; `byte_size` when it is known."""

    address: str
    extension: str
    schema: str = ""
    byte_size: int | None = None


@dataclass(frozen=True)
class Dataset:
    """One data set of the catalogue; `frequency` is a code of the European vocabulary."""

    address: str
    title: str
    description: str
    licence: str
    frequency: str
    modified: datetime | None
    distributions: Sequence[Distribution]
    identifier: str = ""


@dataclass(frozen=True)
class Publisher:
    name: str
    address: str


def table_schema(table: OpenTable, address: str, data_address: str) -> dict[str, Any]:
    """`address` is that of this document, `data_address` that of the CSV file."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": address,
        "fields": [
            {
                "name": column.csv_name,
                "title": column.label,
                "description": column.description,
                "type": column.kind,
                "format": "default",
                **({"source": column.source} if column.source else {}),
            }
            for column in table.columns
        ],
        "missingValues": [""],
        "resources": [
            {
                "path": data_address,
                "format": "csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ";", "quoteChar": '"', "lineTerminator": "\r\n"},
            }
        ],
    }


def catalogue(
    address: str, title: str, description: str, publisher: Publisher, datasets: Sequence[Dataset]
) -> dict[str, Any]:
    """A catalogue in DCAT-AP, as JSON-LD."""
    return {
        "@context": CONTEXT,
        "@id": address,
        "@type": "dcat:Catalog",
        "dct:title": french(title),
        "dct:description": french(description),
        "dct:language": {"@id": f"{AUTHORITY}language/FRA"},
        "dct:publisher": publisher_node(publisher),
        "foaf:homepage": {"@id": publisher.address},
        "dcat:dataset": [dataset_node(dataset, publisher) for dataset in datasets],
    }


def dataset_node(dataset: Dataset, publisher: Publisher) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": dataset.address,
        "@type": "dcat:Dataset",
        "dct:title": french(dataset.title),
        "dct:description": french(dataset.description),
        "dct:publisher": publisher_node(publisher),
        "dct:license": {"@id": dataset.licence},
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/{dataset.frequency}"},
        "dct:spatial": {"@id": f"{AUTHORITY}country/FRA"},
        "dcat:theme": {"@id": f"{AUTHORITY}data-theme/GOVE"},
        "dcat:landingPage": {"@id": dataset.address},
        "dcat:distribution": [
            distribution_node(each, dataset.licence) for each in dataset.distributions
        ],
    }
    if dataset.modified:
        node["dct:modified"] = typed(dataset.modified.isoformat(), "dateTime")
    if dataset.identifier:
        node["dct:identifier"] = dataset.identifier
    return node


def distribution_node(distribution: Distribution, licence: str) -> dict[str, Any]:
    kind, _, packing = distribution.extension.partition(".")
    media_type = MEDIA_TYPES.get(kind, f"application/{kind}").split(";")[0]
    node: dict[str, Any] = {
        "@id": distribution.address,
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": distribution.address},
        "dcat:downloadURL": {"@id": distribution.address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
        "dct:format": {"@id": f"{AUTHORITY}file-type/{FILE_TYPES[kind]}"},
        "dct:license": {"@id": licence},
    }
    if packing:
        packed = "https://www.iana.org/assignments/media-types/application/gzip"
        node["dcat:compressFormat"] = {"@id": packed}
    if distribution.schema:
        node["dct:conformsTo"] = {"@id": distribution.schema}
    if distribution.byte_size is not None:
        node["dcat:byteSize"] = typed(str(distribution.byte_size), "nonNegativeInteger")
    return node


def french(text: str) -> Mapping[str, str]:
    return {"@value": text, "@language": "fr"}


def typed(text: str, kind: str) -> Mapping[str, str]:
    return {"@value": text, "@type": f"xsd:{kind}"}


def publisher_node(publisher: Publisher) -> dict[str, Any]:
    return {"@id": publisher.address, "@type": "foaf:Agent", "foaf:name": publisher.name}
