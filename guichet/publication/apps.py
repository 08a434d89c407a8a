from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "guichet.publication"
    label = "publication"

    def ready(self) -> None:
        from guichet.core.extensions import menu_entries
        from guichet.publication.menu import ENTRIES

        for entry in ENTRIES:
            menu_entries.register(entry)
