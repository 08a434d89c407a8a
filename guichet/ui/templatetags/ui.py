"""Every component of the pages, built in every template (`builtins` in the settings)."""

from __future__ import annotations

from django import template

from guichet.ui.components import charts, content, fields, icons, links, navigation, tables

register = template.Library()

for component_library in (charts, content, fields, icons, links, navigation, tables):
    register.tags.update(component_library.register.tags)
    register.filters.update(component_library.register.filters)
