"""The formats that `import_directory` reads, by name.

Owns the list of readers; each lives in its own module and yields what `base` describes.
"""

from __future__ import annotations

from .base import Source
from .dila import DilaSource
from .dila2016 import Dila2016Source
from .france_services import FranceServicesSource

READERS: dict[str, Source] = {
    source.name: source for source in (DilaSource(), Dila2016Source(), FranceServicesSource())
}
