"""The DILA's current dump of the directory of public services (`--format dila`).

Owns the reading of its fields (array or JSON string); refuses to look at named people
(`affectation_personne`), and leaves out what its author has withdrawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from .base import Fault, SourcePhone, SourceStructure, UnreadableSource
from .dila_hours import read_weekly_hours
from .fields import (
    FaultLog,
    checked_identifier,
    checked_name,
    clean_block,
    clean_text,
    looks_like_web_address,
    read_coordinates,
    read_date,
    read_emails,
    read_phones,
    read_postal_code,
    read_web_address,
)
from .json_items import Record, read_records
from .reading import cut

EXPECTED = "le vidage JSON de l'annuaire de la DILA (.json, tel quel, en .gz ou en .zip)"
NATIONAL_CATEGORY = "SI"
RELAY_LABEL = "Relais pour personnes sourdes ou malentendantes"

_FALSE = frozenset({"false", "faux", "non", "0"})
_ACCESSIBILITIES = frozenset({"ACC", "DEM", "NAC"})
_PARENT_LINKS = frozenset({"service père", "service pere", "service parent"})
_ADDRESS_LINES = ("complement1", "complement2", "numero_voie", "service_distribution")
_DATE_FIELDS = (
    "date_modification",
    "date_modification_datetime",
    "date_diffusion",
    "date_creation",
    "date_creation_datetime",
)
_FRANCE_SERVICES_PARTNER = "france_service"


class DilaSource:
    """Reads a dump; see `base.Source`. National services (SI) are yielded with their level."""

    name = "dila"

    def read(self, path: str) -> Iterator[SourceStructure | Fault]:
        """Yields structures and faults in the order of the file; raises `UnreadableSource`."""
        seen: set[str] = set()
        for item in read_records(path, EXPECTED):
            if isinstance(item, Fault):
                yield item
                continue
            if not seen:
                _check_schema(item)
            yield from _read_record(item, seen)


def _check_schema(record: Record) -> None:
    keys = record.values.keys()
    if "nom" not in keys or not keys & {"id", "pivot", "adresse", "categorie"}:
        raise UnreadableSource(
            f"Format attendu : {EXPECTED}, dont chaque fiche a un « id », un « nom », un "
            f"« pivot ». Trouvé : des champs {cut(', '.join(map(str, keys)), 120) or 'absents'}."
        )


def _read_record(record: Record, seen: set[str]) -> Iterator[SourceStructure | Fault]:
    values = record.values
    values.pop("affectation_personne", None)
    if _is_withdrawn(values):
        return
    log = FaultLog(record.line)
    identifier = checked_identifier(values.get("id"), "id", log, seen)
    name = checked_name(values.get("nom"), "nom", log)
    if identifier and name:
        structure = _Reading(values, log).structure(record.line, identifier, name)
        yield from log.faults
        yield structure
    else:
        yield from log.faults


def _is_withdrawn(values: dict[str, Any]) -> bool:
    for field in ("statut_de_diffusion", "service_disponible"):
        value = values.get(field)
        if value is False or (isinstance(value, str) and value.strip().lower() in _FALSE):
            return True
    return False


class _Reading:
    """One record being read: its raw values and the log of its faults."""

    def __init__(self, values: dict[str, Any], log: FaultLog) -> None:
        self.values = values
        self.log = log
        self.pivots = self.nested("pivot")
        self.commune_code = self._commune_code()
        self.websites: list[tuple[str, str]] = []
        self.contact_form = ""

    def structure(self, line: int, identifier: str, name: str) -> SourceStructure:
        address = self._address()
        phones, relay_phone = self._phones()
        emails = self._emails()
        self._collect_web_addresses()
        parent, children = self._links()
        hours = read_weekly_hours(
            self.nested("plage_ouverture"), self.text("commentaire_plage_ouverture"), self.log
        )
        return SourceStructure(
            line=line,
            identifier=identifier,
            other_identifiers=self._other_identifiers(),
            name=name,
            kinds=self._kinds(),
            commune_code=self.commune_code,
            served_commune_codes=tuple(dict.fromkeys(self._pivot_communes())),
            former_name=self.text("ancien_nom"),
            acronym=self.text("sigle"),
            **address,
            phones=phones,
            relay_phone=relay_phone,
            emails=emails,
            websites=tuple(dict.fromkeys(self.websites)),
            contact_form=self.contact_form,
            chat=self._first_web_address("tchat"),
            social_links=self._social_links(),
            hours=hours.intervals,
            unknown_weekdays=hours.unknown_weekdays,
            hours_text=hours.text,
            information=self._information(),
            partners=tuple(filter(None, (self.text("partenaire"),))),
            parent_identifier=parent,
            child_identifiers=children,
            level="national" if self.text("categorie") == NATIONAL_CATEGORY else "site",
            siret=self._siret(),
            updated_on=self._updated_on(),
        )

    def nested(self, field: str) -> list[Any]:
        """A nested field, which some exports write as a JSON string."""
        value = self.values.get(field)
        if not value:
            return []
        if isinstance(value, str):
            value = value.strip()
            if value.startswith(("[", "{")):
                value = self._decoded(field, value)
            if not value:
                return []
        return value if isinstance(value, list) else [value]

    def _decoded(self, field: str, value: str) -> Any:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            self.log.warn(field, value, "Ce champ n'est pas du JSON lisible.", "champ ignoré")
            return None

    def text(self, field: str) -> str:
        """A field as one line; the first of its values when there are several."""
        whole = self.values.get(field)
        if not whole:
            return ""
        if isinstance(whole, str) and not whole.startswith(("[", "{")):
            return clean_text(whole)
        for value in self.nested(field):
            found = clean_text(value.get("valeur") if isinstance(value, dict) else value)
            if found:
                return found
        return ""

    def _kinds(self) -> tuple[str, ...]:
        kinds = [
            clean_text(pivot.get("type_service_local"))
            for pivot in self.pivots
            if isinstance(pivot, dict)
        ]
        return tuple(dict.fromkeys(filter(None, kinds)))

    def _pivot_communes(self) -> Iterator[str]:
        for pivot in self.pivots:
            codes = pivot.get("code_insee_commune") if isinstance(pivot, dict) else None
            for code in codes if isinstance(codes, list) else [codes]:
                if cleaned := clean_text(code):
                    yield cleaned

    def _commune_code(self) -> str:
        own = self.text("code_insee_commune")
        if own:
            return own
        served = set(self._pivot_communes())
        return served.pop() if len(served) == 1 else ""

    def _address(self) -> dict[str, Any]:
        addresses = [item for item in self.nested("adresse") if isinstance(item, dict)]
        # A visitor goes to "Adresse"; "Adresse postale" only receives letters.
        addresses.sort(key=lambda item: item.get("type_adresse") != "Adresse")
        chosen = addresses[0] if addresses else {}
        lines = [clean_text(chosen[part]) for part in _ADDRESS_LINES if chosen.get(part)]
        latitude, longitude = self._coordinates(addresses)
        return {
            "address_lines": tuple(filter(None, lines)),
            "postal_code": self._postal_code(chosen),
            "town": clean_text(chosen.get("nom_commune")),
            "latitude": latitude,
            "longitude": longitude,
            "position_source": "" if latitude is None else DilaSource.name,
            "accessibility": self._accessibility(chosen),
            "accessibility_note": clean_text(chosen.get("note_accessibilite")),
        }

    def _postal_code(self, address: dict[str, Any]) -> str:
        if _is_abroad(address):
            return clean_text(address.get("code_postal"))
        return read_postal_code(
            address.get("code_postal"), self.commune_code, "adresse.code_postal", self.log
        )

    def _coordinates(self, addresses: list[dict[str, Any]]) -> tuple[float | None, float | None]:
        for address in addresses:
            pair = (address.get("latitude"), address.get("longitude"))
            if any(value not in (None, "") for value in pair):
                return read_coordinates(
                    *pair, "adresse.latitude, longitude", self.log, abroad=_is_abroad(address)
                )
        return None, None

    def _accessibility(self, address: dict[str, Any]) -> str:
        code = clean_text(address.get("accessibilite"))
        if code and code not in _ACCESSIBILITIES:
            self.log.warn(
                "adresse.accessibilite", code, "Codes admis : ACC, DEM, NAC.", "code ignoré"
            )
            return ""
        return code

    def _phones(self) -> tuple[tuple[SourcePhone, ...], str]:
        phones = [*self._numbers("telephone", "")]
        relays = []
        for number in self._numbers("telephone_accessible", RELAY_LABEL):
            relays.append(number)
        return (*phones, *relays[1:]), relays[0].number if relays else ""

    def _numbers(self, field: str, label: str) -> Iterator[SourcePhone]:
        for item in self.nested(field):
            value = item.get("valeur") if isinstance(item, dict) else item
            words = clean_text(item.get("description")) if isinstance(item, dict) else ""
            if isinstance(value, str) and looks_like_web_address(value):
                if address := read_web_address(value, field, self.log):
                    self.websites.append((label or words, address))
                continue
            yield from read_phones(value, label or words, self.commune_code, field, self.log)

    def _emails(self) -> tuple[str, ...]:
        emails: list[str] = []
        for item in self.nested("adresse_courriel"):
            cell = clean_text(item.get("valeur") if isinstance(item, dict) else item)
            if looks_like_web_address(cell):
                self.contact_form = read_web_address(cell, "adresse_courriel", self.log)
            else:
                emails += read_emails(cell, "adresse_courriel", self.log)
        return tuple(dict.fromkeys(emails))

    def _collect_web_addresses(self) -> None:
        self.websites[:0] = self._labelled_addresses("site_internet", "libelle")
        self.contact_form = self._first_web_address("formulaire_contact") or self.contact_form
        for field, label in (
            ("sve", "Saisine par voie électronique"),
            ("application_mobile", "Application mobile"),
        ):
            for words, address in self._labelled_addresses(field, "libelle"):
                self.websites.append((words or label, address))

    def _labelled_addresses(self, field: str, label_key: str) -> list[tuple[str, str]]:
        found = []
        for item in self.nested(field):
            label = clean_text(item.get(label_key)) if isinstance(item, dict) else ""
            value = item.get("valeur") if isinstance(item, dict) else item
            if address := read_web_address(value, field, self.log):
                found.append((label, address))
        return found

    def _first_web_address(self, field: str) -> str:
        found = self._labelled_addresses(field, "libelle")
        return found[0][1] if found else ""

    def _social_links(self) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys(self._labelled_addresses("reseau_social", "custom_dico2")))

    def _links(self) -> tuple[str, tuple[str, ...]]:
        parent = ""
        children = []
        for link in self.nested("hierarchie"):
            if not isinstance(link, dict):
                continue
            kind = clean_text(link.get("type_hierarchie")).lower()
            target = clean_text(link.get("service"))
            if kind in _PARENT_LINKS:
                parent = parent or target
            elif kind == "service fils" and target:
                children.append(target)
        return parent, tuple(dict.fromkeys(children))

    def _other_identifiers(self) -> tuple[tuple[str, str], ...]:
        found = [
            ("dila2016", self.text("ancien_code_pivot")),
            ("itm", self.text("itm_identifiant")),
            ("siren", self.text("siren")),
        ]
        partner_number = self.text("partenaire_identifiant")
        if partner_number and self.text("partenaire") == _FRANCE_SERVICES_PARTNER:
            found.append(("france-services", f"france-services-{partner_number}"))
        return tuple((scheme, value) for scheme, value in found if value)

    def _siret(self) -> str:
        siret = self.text("siret").replace(" ", "")
        if siret and not re.fullmatch(r"[0-9]{14}", siret):
            self.log.warn("siret", siret, "Un SIRET a quatorze chiffres.", "SIRET ignoré")
            return ""
        return siret

    def _information(self) -> str:
        texts = (
            clean_block(self.values.get(name)) for name in ("mission", "information_complementaire")
        )
        return "\n\n".join(filter(None, texts))

    def _updated_on(self) -> date | None:
        for field in _DATE_FIELDS:
            if cell := self.text(field):
                return read_date(cell, field, self.log)
        return None


def _is_abroad(address: dict[str, Any]) -> bool:
    country = address.get("pays")
    return bool(country) and clean_text(country).lower() not in ("", "france")
