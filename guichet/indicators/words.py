"""The words of this app's own audit events."""

ACTIONS = {
    "indicator.created": "a défini l'indicateur",
    "indicator.version_created": "a créé une version de l'indicateur",
    "indicator.version_edited": "a modifié l'indicateur",
    "indicator.retired": "a retiré l'indicateur",
    "indicator.reinstated": "a remis en service l'indicateur",
    "grain.declared": "a déclaré comment est envoyé",
    "grain.edited": "a changé le délai ou les mots de",
    "grain.ended": "a mis fin à l'envoi de",
    "grain.goes_on": "a prolongé l'envoi de",
    "grain.removed": "a effacé la déclaration de",
    "batch.accepted": "a fait accepter le lot",
    "batch.refused": "s'est vu refuser le lot",
    "batch.abandoned": "a abandonné le lot",
    "batch.withdrawn": "a retiré le lot",
    "token.created": "a créé le jeton",
    "token.used": "s'est servi du jeton",
    "token.revoked": "a révoqué le jeton",
    "comment.published": "a commenté un chiffre de",
    "comment.withdrawn": "a retiré un commentaire de",
}

FIELDS = {
    "period_kind": "période",
    "first_period": "première période",
    "cuts": "coupes",
    "cut_words": "coupes, en mots",
    "bounds": "bornes",
    "reference_bound": "borne de référence",
    "change_note": "ce qui change",
    "ended_on": "dernier jour",
    "withdrawal_reason": "motif",
    "file_name": "fichier",
    "label": "usage",
    "signed_as": "fonction",
}
