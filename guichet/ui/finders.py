"""Which static files exist for us: of the design system's 17 MB, only what our pages load."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.storage import Storage

from guichet.ui.components.icons import ICONS

DESIGN_SYSTEM = "dsfr"
DIST = "dsfr/dist"
STYLESHEET = f"{DIST}/dsfr.main.min.css"
FAVICONS = (f"{DIST}/favicon/favicon.svg", f"{DIST}/favicon/apple-touch-icon.png")
RELATIVE_URL = re.compile(r"url\(\s*[\"']?(?!data:|#|[a-z]+://)([^\"')]+)[\"']?\s*\)")


class UsedFilesFinder(AppDirectoriesFinder):
    """Every app's files, but of the design system only those that `used_files` names."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        design_system = self.storages[DESIGN_SYSTEM]
        used = used_files(design_system)
        for path, storage in super().list(ignore_patterns):
            if storage is not design_system or path in used:
                yield path, storage


def used_files(design_system: Storage) -> set[str]:
    """Our stylesheet of the design system, what it refers to, our icons and favicons."""
    with design_system.open(STYLESHEET) as stylesheet:
        addresses = RELATIVE_URL.findall(stylesheet.read().decode())
    referred = {posixpath.normpath(f"{DIST}/{re.split('[?#]', url)[0]}") for url in addresses}
    icons = {f"{DIST}/icons/{folder}/{drawing}.svg" for folder, drawing in ICONS.values()}
    return {STYLESHEET, *FAVICONS} | referred | icons
