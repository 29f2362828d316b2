from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "content.places"
    verbose_name = "行政区划"
