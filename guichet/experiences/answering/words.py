"""The words of the audit events of answering."""

ACTIONS = {
    "story.passed_on": "a transmis un récit de",
    "story.accepted": "a accepté le récit transmis de",
    "story.sent_back": "a renvoyé le récit transmis de",
    "story.kept": "a gardé le récit proposé de",
    "story.assigned": "a confié un récit adressé à",
    "story.noted": "a noté sur un récit",
    "reply.published": "a publié la",
    "reply.added": "a publié le complément",
    "reply.rewritten": "a corrigé la",
    "reply.removed": "a retiré, par la modération, la",
    "promise.done": "a dit tenue la promesse",
    "answer_template.created": "a créé le modèle de réponse",
    "answer_template.edited": "a modifié le modèle de réponse",
    "answer_template.ended": "ne propose plus le modèle de réponse",
    "answering_target.set": "a fixé le délai de réponse à",
    "absence.entered": "a noté l'absence du",
    "absence.ended": "a ôté l'absence du",
}
FIELDS = {
    "assigned_to_id": "confié à",
    "to": "vers",
    "promise": "promesse",
    "due_on": "pour le",
    "where": "où",
    "absent": "agent absent",
}
