from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "guichet.territories"
    label = "territories"

    def ready(self) -> None:
        from guichet.core.extensions import ApiRouter, api_routers
        from guichet.territories.api import router

        api_routers.register(ApiRouter("/communes", router))
