from django.apps import AppConfig


class ExperiencesConfig(AppConfig):
    name = "guichet.experiences"
    label = "experiences"

    def ready(self) -> None:
        from guichet.accounts.audit_words import register_words
        from guichet.core.erasures import replayers
        from guichet.core.extensions import (
            ApiRouter,
            api_routers,
            menu_entries,
            open_tables,
            page_actions,
            retention_rules,
        )
        from guichet.experiences.api import router
        from guichet.experiences.following.erased_again import REPLAYERS
        from guichet.experiences.following.second_words import SECOND_WORD
        from guichet.experiences.menu import ACTIONS as PAGE_ACTIONS
        from guichet.experiences.menu import ENTRIES
        from guichet.experiences.reading.open_table import EXPERIENCES
        from guichet.experiences.retention import RULES
        from guichet.experiences.story_source import STORY
        from guichet.experiences.words import ACTIONS, FIELDS
        from guichet.moderation.sources import sources

        register_words(ACTIONS, fields=FIELDS)
        for entry in ENTRIES:
            menu_entries.register(entry)
        for action in PAGE_ACTIONS:
            page_actions.register(action)
        for rule in RULES:
            retention_rules.register(rule)
        for replayer in REPLAYERS:
            replayers.register(replayer)
        sources.register(STORY)
        sources.register(SECOND_WORD)
        api_routers.register(ApiRouter("/experiences", router))
        open_tables.register(EXPERIENCES)
