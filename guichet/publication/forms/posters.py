"""The forms of posters and of their display."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from guichet.publication.actions.displays import PHOTO_LIMIT_BYTES, UNREADABLE
from guichet.publication.posters.drawing import FORMATS
from guichet.ui.forms import Form


class DisplayForm(Form):
    """Since when the poster hangs, and a photo of it."""

    displayed_on = forms.DateField(
        label="Affichée depuis le",
        help_text="Un jour des douze derniers mois.",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    photo = forms.FileField(
        label="Photo de l'affiche en place",
        help_text="JPEG, PNG ou WebP, 15 Mo au plus. Elle est réduite, et ce qu'elle dit du "
        "téléphone et du lieu est effacé. Sans personne dessus.",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> bytes | None:
        photo: UploadedFile[bytes] | None = self.cleaned_data["photo"]
        if photo is None:
            return None
        if (photo.size or 0) > PHOTO_LIMIT_BYTES:
            raise forms.ValidationError(UNREADABLE)
        content: bytes = photo.read()
        return content

    def day(self) -> date:
        found: date = self.cleaned_data["displayed_on"]
        return found


class PaperForm(Form):
    """On which paper all posters of a network are drawn."""

    paper = forms.ChoiceField(
        label="Papier",
        choices=[(paper, paper) for paper in FORMATS],
        initial="A4",
        widget=forms.RadioSelect,
    )
