from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "guichet.orientation"
    label = "orientation"
