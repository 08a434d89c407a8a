"""The moderators' pages."""

from __future__ import annotations

from django.urls import path

from guichet.moderation.queue.views import batches, deciding, lists, marks, texts

urlpatterns = [
    path("", lists.queue, name="moderation_queue"),
    path("ouvrir/", texts.open_texts, name="moderation_open"),
    path("lot/", batches.batch, name="moderation_batch"),
    path("lot/decider/", batches.decide_batch, name="moderation_decide_batch"),
    path("decisions/", lists.decisions, name="moderation_decisions"),
    path("alertes/", lists.alerts, name="moderation_alerts"),
    path("raccourcis/", lists.shortcuts, name="moderation_shortcuts"),
    path("<int:pk>/", texts.moderate, name="moderate"),
    path("<int:pk>/rendre/", texts.let_go, name="moderation_let_go"),
    path("<int:pk>/masques/", marks.change, name="moderation_marks"),
    path("<int:pk>/publier/", deciding.accept, name="moderation_accept"),
    path("<int:pk>/refuser/", deciding.refuse, name="moderation_refuse"),
    path("<int:pk>/orienter/", deciding.orient, name="moderation_orient"),
    path("<int:pk>/retirer/", deciding.remove, name="moderation_remove"),
    path("<int:pk>/reprendre/", deciding.reopen, name="moderation_reopen"),
    path("<int:pk>/danger/", deciding.alert, name="moderation_alert"),
    path("<int:pk>/sans-danger/", deciding.no_danger, name="moderation_no_danger"),
    path("<int:pk>/suite/", deciding.outcome, name="moderation_outcome"),
]
