from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "guichet.directory"
    label = "directory"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.accounts.departures import EndOfAccess, ends_of_access
        from guichet.core.extensions import ApiRouter, api_routers, menu_entries, retention_rules
        from guichet.directory.actions.memberships import end_all_memberships
        from guichet.directory.api import router
        from guichet.directory.menu import ENTRIES
        from guichet.directory.retention import error_reports_rule
        from guichet.directory.words import ACTIONS, FIELDS

        api_routers.register(ApiRouter("/structures", router))
        ends_of_access.register(EndOfAccess("memberships", end_all_memberships))
        register_words(ACTIONS, fields=FIELDS)
        retention_rules.register(error_reports_rule)
        for entry in ENTRIES:
            menu_entries.register(entry)
