"""`/agents/experiences/…`: the inbox and the answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from guichet.experiences.answering.views import (
    answers,
    choices,
    figures,
    inbox,
    passages,
    promises,
    teamwork,
    templates,
)

urlpatterns: list[URLPattern] = [
    path("", inbox.stories_inbox, name="stories_inbox"),
    path("chiffres/", figures.story_figures, name="story_figures"),
    path("reseaux/<slug:network>/delai/", figures.answering_target, name="answering_target"),
    path("modeles/", templates.answer_templates, name="answer_templates"),
    path("modeles/nouveau/", templates.new_template, name="new_answer_template"),
    path("modeles/<int:pk>/", templates.edit_template, name="edit_answer_template"),
    path("modeles/<int:pk>/terminer/", templates.end_answer_template, name="end_answer_template"),
    path("mes-choix/", choices.my_story_notices, name="my_story_notices"),
    path("mes-choix/absences/", choices.add_absence, name="add_absence"),
    path("mes-choix/absences/<int:pk>/oter/", choices.end_own_absence, name="end_absence"),
    path("<int:pk>/", answers.answer_story, name="answer_story"),
    path("<int:pk>/brouillon/", answers.save_answer, name="save_answer"),
    path("<int:pk>/relire/", answers.review_answer, name="review_answer"),
    path("<int:pk>/publier/", answers.publish_answer, name="publish_answer"),
    path("<int:pk>/corriger/<int:reply>/", answers.rewrite_answer, name="rewrite_answer"),
    path("<int:pk>/confier/", teamwork.assign_story, name="assign_story"),
    path("<int:pk>/note/", teamwork.note_story, name="note_story"),
    path("<int:pk>/transmettre/", passages.pass_on_story, name="pass_on_story"),
    path("<int:pk>/transmission/annuler/", passages.cancel_passage, name="cancel_passage"),
    path("<int:pk>/transmission/accepter/", passages.accept_passage, name="accept_passage"),
    path("<int:pk>/transmission/renvoyer/", passages.send_back_passage, name="send_back_passage"),
    path("<int:pk>/promesses/<int:promise>/", promises.keep_promise, name="keep_promise"),
]
