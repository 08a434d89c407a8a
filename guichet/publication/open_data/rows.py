"""Rows of the open tables of structures, indicators, results and releases, streamed.

Owns what each row says; refuses to hold more than a slice of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from guichet.core.periods import period
from guichet.directory.models import Network, Structure
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.models import DeclaredValue, Grain, IndicatorVersion
from guichet.publication.models import Part, PlaceFigures, Release
from guichet.publication.open_data.writers import batches_of
from guichet.publication.published.figures import figure
from guichet.publication.targets import target_state

Row = Sequence[Any]
SLICE = 500
UNIT_TYPES = {
    Kind.SHARE: "part",
    Kind.NET_SHARE: "solde",
    Kind.MEAN: "moyenne",
    Kind.DISTRIBUTION: "répartition",
    Kind.COUNT: "nombre",
}


def structure_rows() -> Iterator[Row]:
    structures = Structure.objects.select_related(
        "kind", "network", "commune__departement", "parent", "merged_into"
    ).order_by("code")
    for one in structures.iterator(chunk_size=SLICE):
        commune = one.commune
        yield (
            one.code,
            one.network.name if one.network else "",
            one.kind.label,
            one.name,
            one.information,
            one.siret,
            one.parent.code if one.parent else "",
            one.network.code if one.network else "",
            one.kind_id,
            one.level,
            one.full_address,
            one.postal_code,
            commune.insee_code if commune else "",
            commune.name if commune else "",
            commune.departement_id if commune else "",
            commune.departement.region_id if commune else "",
            one.latitude,
            one.longitude,
            one.opened_on,
            one.closed_on,
            one.merged_into.code if one.merged_into else "",
            one.source,
            one.checked_on,
            settings.PUBLIC_URL + one.get_absolute_url(),
            one.is_fictional,
        )


def indicator_rows() -> Iterator[Row]:
    """One for each network that publishes it, and one without a network where none does."""
    grains: dict[int, list[Grain]] = {}
    for grain in Grain.objects.select_related("network").order_by("network__code", "first_period"):
        grains.setdefault(grain.version_id, []).append(grain)
    declaring: dict[int, list[Network]] = {}
    declared = DeclaredValue.objects.order_by().values_list("version_id", "network_id").distinct()
    networks = Network.objects.in_bulk()
    for version_id, network_id in sorted(declared):
        declaring.setdefault(version_id, []).append(networks[network_id])
    versions = IndicatorVersion.objects.select_related("indicator")
    for version in versions.order_by("indicator__code", "number"):
        own = grains.get(version.pk, [])
        with_grain = {grain.network_id for grain in own}
        others = [one for one in declaring.get(version.pk, []) if one.pk not in with_grain]
        for grain in own:
            yield indicator_row(version, grain.network, grain)
        for network in others:
            yield indicator_row(version, network, None)
        if not own and not others:
            yield indicator_row(version, None, None)


def indicator_row(version: IndicatorVersion, network: Network | None, grain: Grain | None) -> Row:
    definition = version.definition
    words = [version.counter_words.get(name, name) for name in definition.counters]
    methods = [text for text in (version.source, version.method) if text]
    return (
        network.name if network else "",
        version.title,
        version.public_title,
        version.family,
        "\n".join(methods),
        UNIT_TYPES[definition.kind],
        version.unit,
        version.indicator.code,
        version.number,
        network.code if network else "",
        "|".join(words),
        version.nature,
        version.direction,
        version.target,
        version.margin,
        version.minimum,
        "|".join(f"{bound.normalize():f}" for bound in version.bounds),
        version.reference_bound,
        version.is_summed,
        version.frequency,
        grain.level if grain else "",
        grain.period_kind if grain else "",
        "|".join(grain.cuts) if grain else "",
        grain.publication_level if grain else "",
        grain.first_period if grain else "",
        grain.ended_on if grain else None,
    )


def release_rows() -> Iterator[Row]:
    """Published ones, the newest first."""
    releases = Release.objects.published().select_related("previous")
    for one in releases.order_by("-published_at"):
        archive = reverse("open_release_archive", args=[one.name])
        yield (
            one.name,
            one.published_at,
            one.frozen_on,
            one.through,
            one.is_current,
            one.identity,
            one.row_count,
            one.correction_count,
            one.changed_line_count,
            one.previous.name if one.previous else "",
            one.note,
            settings.PUBLIC_URL + archive,
            one.is_demonstration,
        )


def result_rows(release: Release | None = None) -> Iterator[Row]:
    """Every figure of a release (the current one), part by part, place by place."""
    release = release or Release.objects.current()
    if release is None:
        return
    networks = {one.code: one.name for one in Network.objects.all()}
    versions = {
        (one.indicator.code, one.number): one
        for one in IndicatorVersion.objects.select_related("indicator")
    }
    parts = Part.objects.filter(releases=release)
    for part in parts.order_by("network", "indicator", "version", "year", "is_declared"):
        version = versions.get((part.indicator, part.version))
        told = Told(release, part, networks.get(part.network, part.network), version)
        places = PlaceFigures.objects.filter(part=part).order_by("level", "place")
        for batch in batches_of(places.iterator(chunk_size=SLICE), SLICE):
            codes = [one.place for one in batch if one.level == "structure"]
            known = Structure.objects.filter(code__in=codes).select_related("kind")
            structures = {one.code: one for one in known.iterator(chunk_size=SLICE)}
            for one in batch:
                structure = structures.get(one.place) if one.level == "structure" else None
                for item in one.figures:
                    yield told.row(one, item, structure)


class Told:
    """What all the results of one part have in common."""

    def __init__(
        self, release: Release, part: Part, network: str, version: IndicatorVersion | None
    ) -> None:
        self.release, self.part, self.network = release, part, network
        self.title = version.title if version else part.indicator
        self.definition = version.definition if version else None
        at = release.published_at or release.started_at
        self.updated_on = timezone.localtime(at).date()
        self.rows_hash = part.files.get("rows", "")

    def row(self, place: PlaceFigures, item: Mapping[str, Any], structure: Structure | None) -> Row:
        part, cut = self.part, item.get("cut", "")
        key = (str(part), place.level, place.place, item["period"], cut)
        is_structure = place.level == "structure"
        address = f"{structure.postal_code} / {structure.town}" if structure else ""
        return (
            "/".join(key).rstrip("/"),
            self.network,
            structure.kind.label if structure else "",
            structure.name if structure else "",
            place.place if is_structure else "",
            address.strip(" /"),
            part.indicator,
            self.title,
            number(item, "value"),
            period(item["period"]).kind.label,
            self.updated_on,
            part.network,
            part.version,
            place.level,
            place.place,
            item["period"],
            cut,
            item.get("state", ""),
            item.get("to_date") == "yes",
            item.get("counters", ""),
            number(item, "low"),
            number(item, "high"),
            integer(item, "expected"),
            integer(item, "received"),
            self.target_of(item),
            number(item, "rest_departement"),
            number(item, "gap_departement"),
            item.get("versus_departement", ""),
            number(item, "rest_nation"),
            number(item, "gap_nation"),
            item.get("versus_nation", ""),
            number(item, "change_previous"),
            item.get("previous", ""),
            number(item, "change_year"),
            item.get("year_before", ""),
            self.release.name,
            "" if part.is_declared else str(part),
            self.rows_hash,
            item.get("source", ""),
            number(item, "aimed_at"),
            item.get("aimed_for", ""),
            self.release.is_demonstration and not part.is_declared,
        )

    def target_of(self, item: Mapping[str, Any]) -> str:
        if self.part.is_declared:
            return target_state(figure(item), self.definition)
        return str(item.get("target", ""))


def number(item: Mapping[str, Any], name: str) -> Decimal | None:
    text = item.get(name)
    return Decimal(text) if text else None


def integer(item: Mapping[str, Any], name: str) -> int | None:
    text = item.get(name)
    return int(text) if text else None
