from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IndicatorsConfig(AppConfig):
    name = "guichet.indicators"
    label = "indicators"

    def ready(self) -> None:
        from guichet.indicators.reference_tables import load_reference

        post_migrate.connect(load_reference, sender=self)
