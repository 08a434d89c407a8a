"""The words of this app's own audit events."""

ACTIONS = {
    "moderation.opened": "a ouvert l'original du texte",
    "moderation.taken_over": "a pris la main sur l'original du texte",
    "moderation.proposed": "a proposé une décision, que quelqu'un doit confirmer, sur le texte",
    "moderation.accept": "a publié le texte",
    "moderation.refuse": "a refusé le texte",
    "moderation.orient": "a orienté vers un service l'auteur du texte",
    "moderation.alert": "a signalé un danger dans le texte",
    "moderation.no_danger": "a écarté, après une autre personne, le danger dans le texte",
    "moderation.alert_noted": "a noté ce qui a été fait du danger dit dans le texte",
    "moderation.alert_settled": "a clos l'alerte sur le texte",
    "moderation.remove": "a retiré, après sa publication, le texte",
    "moderation.reopen": "a repris la décision sur le texte",
}

FIELDS = {
    "decision": "décision",
    "reason": "motif",
    "oriented_to": "service",
}
