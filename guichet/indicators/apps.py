from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "guichet.indicators"
    label = "indicators"
