from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class UiConfig(AppConfig):
    name = "guichet.ui"
    label = "ui"


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Collects what our pages use of the design system's 17 MB, and nothing of the admin."""

    ignore_patterns = [
        *DjangoStaticFilesConfig.ignore_patterns,
    ]
