from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "guichet.publication"
    label = "publication"
