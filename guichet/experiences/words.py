"""The words of this app's own audit events."""

from guichet.experiences.answering.words import ACTIONS as ANSWERING_ACTIONS
from guichet.experiences.answering.words import FIELDS as ANSWERING_FIELDS

ACTIONS = {
    **ANSWERING_ACTIONS,
    "story.entered": "a saisi pour une personne",
    "story.report_settled": "a donné suite à un contenu signalé :",
}

FIELDS = {
    **ANSWERING_FIELDS,
    "entry": "façon dont le récit est arrivé",
}
