from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "guichet.core"
    label = "core"

    def ready(self) -> None:
        from guichet.core import erasures
        from guichet.core.extensions import retention_rules
        from guichet.core.retention import job_failure_rule, mail_rule

        retention_rules.register(mail_rule)
        retention_rules.register(job_failure_rule)
        retention_rules.register(erasures.retention_rule())
