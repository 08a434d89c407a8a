from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "guichet.publication"
    label = "publication"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.extensions import menu_entries
        from guichet.publication.menu import ENTRIES
        from guichet.publication.words import ACTIONS, FIELDS

        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
