from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "guichet.moderation"
    label = "moderation"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.extensions import health_checks, menu_entries, retention_rules
        from guichet.moderation.health import DANGERS, READING
        from guichet.moderation.menu import ENTRIES
        from guichet.moderation.retention import RULES
        from guichet.moderation.words import ACTIONS, FIELDS

        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
        for rule in RULES:
            retention_rules.register(rule)
        health_checks.register(READING)
        health_checks.register(DANGERS)
