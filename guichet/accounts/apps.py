from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guichet.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals as mfa
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from guichet.accounts import receivers
        from guichet.accounts.audit_words import register_words
        from guichet.accounts.closed_again import REPLAYER
        from guichet.accounts.retention import RULES
        from guichet.accounts.words import ACTIONS, FIELDS
        from guichet.core.erasures import replayers
        from guichet.core.extensions import MenuEntry, menu_entries, retention_rules

        user_logged_in.connect(receivers.note_login)
        user_logged_out.connect(receivers.note_logout)
        mfa.authenticator_added.connect(receivers.note_new_authenticator)
        mfa.authenticator_removed.connect(receivers.note_removed_authenticator)
        mfa.authenticator_reset.connect(receivers.note_new_recovery_codes)
        register_words(ACTIONS, fields=FIELDS)
        for rule in RULES:
            retention_rules.register(rule)
        replayers.register(REPLAYER)
        menu_entries.register(MenuEntry("agents", "Mon compte", "agent_account", rank=900))
        menu_entries.register(MenuEntry("agents", "Se déconnecter", "account_logout", rank=990))
