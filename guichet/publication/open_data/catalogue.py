"""The catalogue of this site: its tables and its releases, with their addresses.

Owns the addresses; refuses the shape of the documents, which stand in `descriptions`.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from guichet.core.extensions import LICENCE_OUVERTE, OpenTable
from guichet.publication.models import Release
from guichet.publication.open_data.descriptions import (
    Dataset,
    Distribution,
    Publisher,
    catalogue,
    table_schema,
)
from guichet.publication.open_data.kept_files import all_tables, kept_file
from guichet.publication.open_data.writers import OFFERED

DESCRIPTION = (
    "Résultats des services publics, indicateurs, structures et éditions. Chaque chiffre publié se "
    "recalcule à partir des fichiers de son édition."
)
DEMONSTRATION = "Démonstration : les chiffres calculés sont fictifs."


def published_releases() -> list[Release]:
    """The newest first."""
    published = Release.objects.published()
    return list(published.order_by("-published_at"))


def absolute(name: str, *arguments: str) -> str:
    return settings.PUBLIC_URL + reverse(name, args=arguments)


def schema_of(table: OpenTable) -> dict[str, Any]:
    return table_schema(
        table,
        absolute("open_table_schema", table.name),
        absolute("open_table_file", table.name, "csv"),
    )


def catalogue_document() -> dict[str, Any]:
    page = absolute("open_data")
    datasets = [table_dataset(table) for table in all_tables()]
    datasets += [release_dataset(release) for release in published_releases()]
    return catalogue(
        absolute("open_data_catalogue"),
        f"Données ouvertes : {settings.INSTITUTION}",
        DESCRIPTION,
        Publisher(settings.INSTITUTION, page),
        datasets,
    )


def table_dataset(table: OpenTable) -> Dataset:
    kept = {extension: kept_file(table, extension) for extension in OFFERED}
    newest = max((file.made_at for file in kept.values() if file), default=None)
    schema = absolute("open_table_schema", table.name)
    return Dataset(
        address=f"{absolute('open_data')}#{table.name}",
        title=table.title,
        description=table.description,
        licence=table.licence,
        frequency=table.frequency,
        modified=newest,
        identifier=table.name,
        distributions=[
            Distribution(
                absolute("open_table_file", table.name, extension),
                extension,
                schema,
                file.byte_size if file else None,
            )
            for extension, file in kept.items()
        ],
    )


def release_dataset(release: Release) -> Dataset:
    words = f"Lignes de base, lignes publiées, chiffres, et de quoi les recalculer. {release.note}"
    if release.is_demonstration:
        words = f"{DEMONSTRATION} {words}"
    return Dataset(
        address=absolute("open_release", release.name),
        title=f"Édition {release.name}",
        description=words.strip(),
        licence=LICENCE_OUVERTE,
        frequency="NEVER",
        modified=release.published_at,
        identifier=release.identity,
        distributions=[Distribution(absolute("open_release_archive", release.name), "zip")],
    )
