"""The words of this app's own audit events."""

ACTIONS = {
    "need.created": "a créé le besoin",
    "need.edited": "a modifié le besoin",
    "need.answers_edited": "a changé les services qui répondent à",
    "need.deactivated": "ne propose plus le besoin",
    "need.reactivated": "propose de nouveau le besoin",
    "need.restored": "est revenu à la version livrée du besoin",
    "synonym.created": "a ajouté le synonyme",
    "synonym.edited": "a modifié le synonyme",
    "synonym.deactivated": "n'utilise plus le synonyme",
    "synonym.reactivated": "utilise de nouveau le synonyme",
    "handover.created": "a fait la fiche d'orientation",
    "handover.received": "a reçu la personne de la fiche",
    "handover.misrouted": "a déclaré au mauvais service la fiche",
    "handover.cancelled": "a annulé la fiche",
    "handover.mailed": "a envoyé par courriel la fiche",
    "handover.texted": "a envoyé par SMS la fiche",
}

FIELDS = {
    "services": "services qui répondent",
    "receiver": "service vers lequel aller",
    "came_from": "service qui avait envoyé la personne par erreur",
    "right_kind": "service qui aurait été le bon",
}
