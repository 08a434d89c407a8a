from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrientationConfig(AppConfig):
    name = "guichet.orientation"
    label = "orientation"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.extensions import (
            ApiRouter,
            api_routers,
            health_checks,
            menu_entries,
            page_actions,
            retention_rules,
            search_suggesters,
        )
        from guichet.orientation.api import router
        from guichet.orientation.health import CATALOGUE
        from guichet.orientation.menu import ENTRIES, SEND_ON
        from guichet.orientation.reference_tables import load_reference
        from guichet.orientation.retention import RULES
        from guichet.orientation.suggestions import NEEDS
        from guichet.orientation.words import ACTIONS, FIELDS

        api_routers.register(ApiRouter("/orientation", router))
        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
        page_actions.register(SEND_ON)
        for rule in RULES:
            retention_rules.register(rule)
        search_suggesters.register(NEEDS)
        health_checks.register(CATALOGUE)
        post_migrate.connect(load_reference, sender=self)
