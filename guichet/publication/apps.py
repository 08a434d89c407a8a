from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "guichet.publication"
    label = "publication"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.extensions import (
            ApiRouter,
            api_routers,
            menu_entries,
            open_tables,
            page_actions,
        )
        from guichet.publication.api import indicators_router, releases_router, results_router
        from guichet.publication.menu import DISPLAYS, ENTRIES, POSTERS
        from guichet.publication.open_data.tables import TABLES
        from guichet.publication.words import ACTIONS, FIELDS

        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
        page_actions.register(DISPLAYS)
        page_actions.register(POSTERS)
        for table in TABLES:
            open_tables.register(table)
        api_routers.register(ApiRouter("/results", results_router))
        api_routers.register(ApiRouter("/indicators", indicators_router))
        api_routers.register(ApiRouter("/releases", releases_router))
