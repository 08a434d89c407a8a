"""A manager confirms that the poster hangs at the site.

Owns `DisplayConfirmation`; refuses days to come, what hung too long ago, and photos that cannot be
read. A photo is drawn again, small, and keeps nothing of where and by whom it was taken.
"""

from __future__ import annotations

import io
import struct
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps, UnidentifiedImageError

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Level, Structure
from guichet.directory.permissions import powers_of
from guichet.publication.models import DisplayConfirmation, Release

OLDEST = timedelta(days=365)
PHOTO_LIMIT_BYTES = 15_000_000
MOST_PIXELS = 25_000_000
LONGEST_SIDE_PX = 1280
JPEG_QUALITY = 75
UNREADABLE = (
    "Cette photo ne peut pas être lue : envoyez une photo JPEG, PNG ou WebP de 15 Mo au plus, ou "
    "confirmez sans photo."
)
TOO_MANY_PIXELS = (
    "Cette photo dépasse 25 millions de pixels : envoyez-la réduite, ou confirmez sans photo."
)
BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)
"""What Pillow raises on a file that is cut, lies about its size or is no picture."""


@transaction.atomic
def confirm_display(
    *, structure: Structure, displayed_on: date, by: User, photo: bytes | None = None
) -> DisplayConfirmation:
    """The poster of the current edition is displayed since `displayed_on`."""
    refuse_stranger(by, structure)
    if structure.level != Level.SITE or structure.closed_on is not None:
        raise RuleViolation("Seul un lieu ouvert, qui accueille du public, affiche ses résultats.")
    today = timezone.localdate()
    if not today - OLDEST <= displayed_on <= today:
        raise RuleViolation(
            "Écrivez un jour des douze derniers mois, aujourd'hui compris : une affiche plus "
            "ancienne est à remplacer."
        )
    release = Release.objects.current()
    confirmation = DisplayConfirmation.objects.create(
        structure=structure,
        release_name=release.name if release else "",
        displayed_on=displayed_on,
        photo=small_photo(photo) if photo else None,
        by=by,
    )
    tell(confirmation, by, "display.confirmed")
    return confirmation


@transaction.atomic
def withdraw_display(*, confirmation: DisplayConfirmation, by: User) -> None:
    """The poster does not hang any more, or never did. The photo is erased."""
    refuse_stranger(by, confirmation.structure)
    stored = DisplayConfirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
    if stored.withdrawn_at is None:
        stored.withdrawn_at = timezone.now()
        stored.photo = None
        stored.save(update_fields=["withdrawn_at", "photo"])
        tell(stored, by, "display.withdrawn")


def standing_display(structure: Structure, today: date) -> DisplayConfirmation | None:
    """The latest confirmation that still counts: not withdrawn, of the twelve months before."""
    return (
        DisplayConfirmation.objects.filter(
            structure=structure, withdrawn_at__isnull=True, displayed_on__gte=today - OLDEST
        )
        .defer("photo")
        .first()
    )


def small_photo(photo: bytes) -> bytes:
    """A JPEG of 1280 pixels at most, upright, without metadata. `RuleViolation` when unreadable."""
    if len(photo) > PHOTO_LIMIT_BYTES:
        raise RuleViolation(UNREADABLE)
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise RuleViolation(TOO_MANY_PIXELS)
            opened.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            opened.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            drawn = ImageOps.exif_transpose(opened).convert("RGB")
            clean = Image.new("RGB", drawn.size)
            clean.paste(drawn)
            out = io.BytesIO()
            clean.save(out, format="JPEG", quality=JPEG_QUALITY, optimize=True)
    except BROKEN as error:
        raise RuleViolation(UNREADABLE) from error
    return out.getvalue()


def refuse_stranger(by: User, structure: Structure) -> None:
    if not powers_of(by).may_manage(structure):
        raise RuleViolation("Seule la personne responsable de ce lieu confirme son affichage.")


def tell(confirmation: DisplayConfirmation, by: User, action: str) -> None:
    record(
        by=by,
        action=action,
        subject=confirmation.structure,
        scope=confirmation.structure.scope,
        after={
            "displayed_on": confirmation.displayed_on,
            "release_name": confirmation.release_name,
            "photo": confirmation.photo is not None,
        },
    )
