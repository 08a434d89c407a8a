from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "guichet.core"
    label = "core"

    def ready(self) -> None:
        from guichet.core.extensions import retention_rules
        from guichet.core.retention import mail_rule

        retention_rules.register(mail_rule)
