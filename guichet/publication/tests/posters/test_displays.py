"""The poster hangs: said by who is responsible, dated, and without a trace in the photo."""

from __future__ import annotations

import contextlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.publication.actions.displays import (
    LONGEST_SIDE_PX,
    confirm_display,
    small_photo,
    standing_display,
    withdraw_display,
)
from guichet.publication.models import DisplayConfirmation
from guichet.publication.tests.factories import ReleaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Any:
    return StructureFactory(code="caf-lille")


@pytest.fixture
def manager(site: Any) -> Any:
    return someone(Role.MANAGER, site)


def photo(size: tuple[int, int] = (2000, 1000), kind: str = "JPEG") -> bytes:
    """A picture with the place and the make of the telephone in its metadata."""
    out = io.BytesIO()
    image = Image.new("RGB", size, "white")
    exif = Image.Exif()
    exif[0x010F] = "Téléphone de Claude"
    exif[0x0112] = 6
    image.save(out, format=kind, exif=exif)
    return out.getvalue()


def test_a_manager_confirms_and_it_is_audited(site: Any, manager: Any) -> None:
    ReleaseFactory(name="2026-10", current=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    confirmation = confirm_display(structure=site, displayed_on=yesterday, by=manager)
    assert confirmation.release_name == "2026-10"
    assert standing_display(site, timezone.localdate()) == confirmation
    event = AuditEvent.objects.get(action="display.confirmed")
    assert event.actor == manager


def test_the_photo_is_small_upright_and_says_nothing_of_who_took_it() -> None:
    small = small_photo(photo())
    assert b"Claude" not in small
    with Image.open(io.BytesIO(small)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == LONGEST_SIDE_PX
        assert image.height > image.width
        assert not image.getexif()


@pytest.mark.parametrize("content", [b"pas une photo", b"", photo()[:200]])
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(RuleViolation, match="ne peut pas être lue"):
        small_photo(content)


def test_a_picture_made_to_fill_the_memory_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (5001, 5000)).save(out, format="PNG")
    with pytest.raises(RuleViolation, match="25 millions de pixels"):
        small_photo(out.getvalue())


def broken_png(at: int, written: bytes) -> bytes:
    """A PNG of which some bytes are others."""
    content = photo((40, 30), "PNG")
    return content[:at] + written + content[at + len(written) :]


@pytest.mark.parametrize("at", [12, 16, 29, 33, 37, 45])
@pytest.mark.parametrize("written", [b"\xff\xff\xff\xff", b"\0\0\0\0"])
def test_a_png_whose_parts_lie_is_refused_or_drawn_never_a_crash(at: int, written: bytes) -> None:
    with contextlib.suppress(RuleViolation):
        assert small_photo(broken_png(at, written)).startswith(b"\xff\xd8")


@pytest.mark.parametrize("error", [SyntaxError, OSError, ValueError, Image.DecompressionBombError])
def test_whatever_the_reader_of_pictures_raises_is_told_in_words(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error("broken PNG file")

    monkeypatch.setattr("guichet.publication.actions.displays.Image.open", broken)
    with pytest.raises(RuleViolation, match="ne peut pas être lue"):
        small_photo(photo((40, 30)))


@pytest.mark.parametrize("days", [-1, 366])
def test_days_to_come_and_long_past_are_refused(site: Any, manager: Any, days: int) -> None:
    day = timezone.localdate() - timedelta(days=days)
    with pytest.raises(RuleViolation, match="douze derniers mois"):
        confirm_display(structure=site, displayed_on=day, by=manager)


def test_only_who_is_responsible_of_an_open_site(site: Any, manager: Any) -> None:
    today = timezone.localdate()
    with pytest.raises(RuleViolation, match="responsable"):
        confirm_display(structure=site, displayed_on=today, by=someone(Role.READER, site))
    site.closed_on, site.closed_reason = today, "Fermé"
    site.save()
    with pytest.raises(RuleViolation, match="lieu ouvert"):
        confirm_display(structure=site, displayed_on=today, by=manager)


def test_a_withdrawn_confirmation_counts_no_more_and_loses_its_photo(
    site: Any, manager: Any
) -> None:
    today = timezone.localdate()
    confirmation = confirm_display(
        structure=site, displayed_on=today, by=manager, photo=photo((40, 30))
    )
    withdraw_display(confirmation=confirmation, by=manager)
    stored = DisplayConfirmation.objects.get()
    assert stored.photo is None
    assert standing_display(site, today) is None
    withdraw_display(confirmation=confirmation, by=manager)
    assert AuditEvent.objects.filter(action="display.withdrawn").count() == 1


def test_a_year_later_it_is_to_be_confirmed_again(site: Any, manager: Any) -> None:
    today = timezone.localdate()
    confirm_display(structure=site, displayed_on=today, by=manager)
    assert standing_display(site, today + timedelta(days=366)) is None
