from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "guichet.directory"
    label = "directory"

    def ready(self) -> None:
        from guichet.accounts.departures import EndOfAccess, ends_of_access
        from guichet.core.extensions import ApiRouter, api_routers
        from guichet.directory.actions.memberships import end_all_memberships
        from guichet.directory.api import router

        api_routers.register(ApiRouter("/structures", router))
        ends_of_access.register(EndOfAccess("memberships", end_all_memberships))
