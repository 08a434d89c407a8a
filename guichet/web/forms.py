"""Forms of the site itself."""

from __future__ import annotations

from django import forms

from guichet.ui.forms import ModelForm
from guichet.web.models import SiteText


class SiteTextForm(ModelForm):
    class Meta:
        model = SiteText
        fields = ["title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 24})}
        help_texts = {
            "body": "Une ligne qui commence par « ## » est un titre, par « - » un élément de "
            "liste. Un lien s'écrit [mots](https://adresse). Laissez une ligne vide entre deux "
            "paragraphes.",
        }
