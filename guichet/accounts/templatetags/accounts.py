"""Words of this app in its pages."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def access_contact() -> str:
    """Who gives access, to stand after « demandez à »."""
    return str(settings.ACCESS_CONTACT)
