from django.apps import AppConfig


class ExperiencesConfig(AppConfig):
    name = "guichet.experiences"
    label = "experiences"
