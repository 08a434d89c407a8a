"""Static files under names that carry their content's hash: compressed once, cached for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Brotli and gzip copies beside each file; a file missing from the manifest fails loudly."""
