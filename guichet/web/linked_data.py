"""A place in the words of schema.org, for search engines and assistants.

Owns the translation; refuses to tell what the page itself does not show.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString

from guichet.directory.models import ReceptionKind
from guichet.directory.schedules import Schedule, schedule_of
from guichet.web.structure_page import StructurePage

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def government_office(page: StructurePage, url: str) -> dict[str, Any]:
    """`https://schema.org/GovernmentOffice`; what is unknown is left out."""
    structure = page.structure
    office: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentOffice",
        "@id": url,
        "url": url,
        "name": structure.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(structure.address_lines),
            "postalCode": structure.postal_code,
            "addressLocality": structure.town,
            "addressCountry": "FR",
        },
    }
    if page.contacts.phones:
        office["telephone"] = [phone["number"] for phone in page.contacts.phones]
    if page.contacts.emails:
        office["email"] = page.contacts.emails
    if page.directions_url:
        office["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": structure.latitude,
            "longitude": structure.longitude,
        }
    hours = opening_hours(schedule_of(structure))
    if hours and not page.hours_voucher.needs_check:
        office["openingHoursSpecification"] = hours
    return office


def as_script(office: dict[str, Any]) -> SafeString:
    """JSON that can stand inside a `script` element whatever words it holds."""
    written = json.dumps(office, ensure_ascii=False)
    return SafeString(written.translate({ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}))


def opening_hours(schedule: Schedule) -> list[dict[str, Any]]:
    """Walk-in hours that no condition makes uncertain."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{DAYS[interval.weekday]}",
            "opens": f"{interval.opens:%H:%M}",
            "closes": f"{interval.closes:%H:%M}",
            **({"validFrom": interval.valid_from.isoformat()} if interval.valid_from else {}),
            **({"validThrough": interval.valid_until.isoformat()} if interval.valid_until else {}),
        }
        for interval in schedule.intervals or ()
        if interval.kind == ReceptionKind.WALK_IN and not interval.note
    ]
