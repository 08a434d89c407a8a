from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "guichet.web"
    label = "web"

    def ready(self) -> None:
        from guichet.core.extensions import MenuEntry, menu_entries
        from guichet.directory.models import Role
        from guichet.directory.permissions import powers_of

        def may_publish(user: object) -> bool:
            return powers_of(user).has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)

        for entry in (
            MenuEntry("main", "Trouver un service", "services", 10),
            MenuEntry("tools", "Espace des agents", "agents_home", 10),
            MenuEntry("agents", "Accueil", "agents_home", 0),
            MenuEntry("agents", "Textes du site", "texts", 80, may_publish),
            MenuEntry("footer", "Aide et contact", "aide", 5),
            MenuEntry("footer", "Plan du site", "site_map", 10),
            MenuEntry("footer", "Accessibilité : non conforme", "accessibilite", 20),
            MenuEntry("footer", "Mentions légales", "mentions-legales", 30),
            MenuEntry("footer", "Données personnelles", "donnees-personnelles", 40),
            MenuEntry("footer", "API", "api:openapi-view", 50),
        ):
            menu_entries.register(entry)

        from guichet.web.first_texts import load_first_texts
        from guichet.web.operations.contributions import register_operations

        register_operations()
        post_migrate.connect(load_first_texts, sender=self)
