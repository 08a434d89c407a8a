"""The words of this app's own audit events."""

ACTIONS = {
    "structure.corrected": "a corrigé",
    "structure.hours_corrected": "a corrigé les horaires de",
    "structure.correction_withdrawn": "est revenu à la source pour",
    "structure.confirmed": "a confirmé la fiche de",
    "structure.days_announced": "a annoncé des jours particuliers pour",
    "structure.days_withdrawn": "a retiré des jours particuliers de",
    "structure.report_settled": "a donné suite à un signalement sur",
    "structure.created": "a créé",
    "structure.moved": "a changé le rattachement de",
    "structure.merged": "a fusionné",
    "structure.absorbed": "a réuni une autre structure avec",
    "structure.split": "a scindé",
    "structure.closed": "a fermé",
    "structure.reopened": "a rouvert",
    "membership.given": "a donné un rôle à",
    "membership.changed": "a changé le rôle de",
    "membership.followed": "a fait suivre le rôle de",
    "membership.ended": "a retiré un rôle à",
}

FIELDS = {
    "parent": "rattachement",
    "kind": "type",
    "merged_into": "remplacée par",
    "absorbed": "réunie avec",
    "into": "nouvelles structures",
    "topic": "ce qui était faux",
    "outcome": "suite donnée",
    "openings": "horaires",
    "reason": "motif",
    "first_day": "premier jour",
    "last_day": "dernier jour",
    "latitude": "latitude",
    "longitude": "longitude",
}
