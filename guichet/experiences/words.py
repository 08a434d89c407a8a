"""The words of this app's own audit events."""

ACTIONS = {
    "story.entered": "a saisi pour une personne",
}

FIELDS = {
    "entry": "façon dont le récit est arrivé",
}
