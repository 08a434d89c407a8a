from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IndicatorsConfig(AppConfig):
    name = "guichet.indicators"
    label = "indicators"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.extensions import ApiRouter, api_routers, menu_entries, page_actions
        from guichet.indicators.api import router
        from guichet.indicators.menu import ENTRIES, NETWORK_BATCHES, OWN_FIGURES
        from guichet.indicators.reference_tables import load_reference
        from guichet.indicators.words import ACTIONS, FIELDS

        api_routers.register(ApiRouter("/batches", router))
        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
        page_actions.register(OWN_FIGURES)
        page_actions.register(NETWORK_BATCHES)
        post_migrate.connect(load_reference, sender=self)
