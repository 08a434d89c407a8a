from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "guichet.moderation"
    label = "moderation"
