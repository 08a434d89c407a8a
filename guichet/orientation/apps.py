from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrientationConfig(AppConfig):
    name = "guichet.orientation"
    label = "orientation"

    def ready(self) -> None:
        from guichet.core.extensions import (
            ApiRouter,
            api_routers,
            menu_entries,
            retention_rules,
            search_suggesters,
        )
        from guichet.orientation.api import router
        from guichet.orientation.menu import ENTRIES
        from guichet.orientation.reference_tables import load_reference
        from guichet.orientation.retention import RULES
        from guichet.orientation.suggestions import NEEDS

        api_routers.register(ApiRouter("/orientation", router))
        for entry in ENTRIES:
            menu_entries.register(entry)
        for rule in RULES:
            retention_rules.register(rule)
        search_suggesters.register(NEEDS)
        post_migrate.connect(load_reference, sender=self)
