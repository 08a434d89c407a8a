"""`/agents/experiences/<addressee>/`: read a story, write, read again, publish, correct."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.views.actors import actor
from guichet.experiences.answering import actions
from guichet.experiences.answering.actions.already import latest_reply, published_words
from guichet.experiences.answering.actions.promises import (
    PromiseWish,
    checked_day,
    wish_in,
    wish_of,
)
from guichet.experiences.answering.actions.replies import checked
from guichet.experiences.answering.draft_reading import ask_reading, reading_of
from guichet.experiences.answering.forms import (
    ADDITION_LABEL,
    AnswerForm,
    AssignForm,
    NoteForm,
    ReasonForm,
    RewriteForm,
)
from guichet.experiences.answering.policies import ANSWER_STORY, READ_STORY
from guichet.experiences.answering.queries import StoryPage, draft_of, last_signature, story_page
from guichet.experiences.answering.reviewing import Review, review, review_of
from guichet.experiences.answering.similar import similar_answers
from guichet.experiences.models import Addressee, Promise, Reply, ReplyDraft
from guichet.experiences.reading.story_page import ShownReply, shown_reply


@requires(READ_STORY)
@never_cache
@require_safe
def answer_story(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    return shown(request, addressee)


def shown(
    request: HttpRequest,
    addressee: Addressee,
    *,
    form: AnswerForm | None = None,
    theirs: ReplyDraft | None = None,
    note: NoteForm | None = None,
    sending_back: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The agents' page of a story, with whatever was typed; `theirs` is another agent's text."""
    page = story_page(addressee, actor(request))
    assigned = str(addressee.assigned_to_id or "")
    words = search_text(request.GET.get("mots", ""))
    context: dict[str, Any] = {
        "page": page,
        "form": form or (answer_form(request, page) if page.may_answer else None),
        "theirs": theirs,
        "assign": AssignForm(people=page.people, initial=assigned) if page.may_answer else None,
        "note": note or NoteForm(),
        "sending_back": sending_back or ReasonForm(),
        "words": words,
        "similar": similar_answers(addressee, words) if page.may_answer else [],
    }
    return render(request, "experiences/answering/story.html", context, status=status)


def answer_form(request: HttpRequest, page: StoryPage) -> AnswerForm:
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        addressee=page.addressee,
        draft=page.draft,
        signature=last_signature(actor(request)),
        templates=page.templates,
        is_addition=page.is_answered,
        seen_reply=max((one.pk for one in page.replies if not one.is_removed), default=0),
    )


@requires(ANSWER_STORY)
@never_cache
@require_POST
def save_answer(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    """Keep the draft, then write on, insert a template or read it again."""
    form = answer_form(request, story_page(addressee, actor(request)))
    if not form.is_valid():
        return shown(request, addressee, form=form)
    act = asked_act(request, form)
    try:
        draft = actions.save_draft(
            addressee=addressee,
            by=actor(request),
            text=form.with_template() if act == "insert" else form.cleaned_data["text"],
            signature=form.cleaned_data["signature"],
            promise=form.promise(),
            version=form.cleaned_data["version"],
            seen_reply=form.cleaned_data.get("seen_reply"),
        )
    except actions.AlreadyAnswered as answered:
        return already_published(request, addressee, form, answered)
    except actions.DraftConflict as conflict:
        if conflict.draft is None and (latest := latest_reply(addressee)):
            return already_published(request, addressee, form, actions.AlreadyAnswered(latest))
        form.add_error(None, str(conflict))
        form.showing(conflict.draft.version if conflict.draft else 0)
        return shown(request, addressee, form=form, theirs=conflict.draft, status=409)
    except RuleViolation as error:
        form.add_error(None, str(error))
        return shown(request, addressee, form=form)
    if act == "review":
        ask_reading(draft)
        return redirect("review_answer", addressee.pk)
    if act == "insert":
        messages.success(request, "Le modèle est ajouté à la suite de votre texte.")
    else:
        messages.success(request, "Le brouillon est enregistré. Vos collègues le voient aussi.")
    return redirect("answer_story", addressee.pk)


def already_published(
    request: HttpRequest, addressee: Addressee, form: AnswerForm, answered: actions.AlreadyAnswered
) -> HttpResponse:
    """The page with what was typed, after a colleague's answer: sent again, it is an addition."""
    draft = draft_of(addressee)
    form.add_error(None, str(answered))
    form.fields["text"].label = ADDITION_LABEL
    form.showing(draft.version if draft else 0, answered.reply.pk)
    return shown(request, addressee, form=form, theirs=draft, status=409)


def asked_act(request: HttpRequest, form: AnswerForm) -> str:
    """ "draft", "review" or "insert"; a template to insert must have been chosen, for the key Enter
    in a field presses the first button."""
    act = request.POST.get("act", "")
    return "draft" if act == "insert" and not form.cleaned_data.get("modele") else act


@requires(ANSWER_STORY)
@never_cache
@require_safe
def review_answer(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    """The draft as the public will read it, and what may be bettered before it goes out."""
    draft = draft_of(addressee)
    if draft is None:
        return nothing_to_send(request, addressee)
    return reviewed(request, addressee, draft)


def nothing_to_send(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    """The draft was sent or dropped meanwhile: by whom and when, if it was sent."""
    if latest := latest_reply(addressee):
        said = published_words(latest)
        messages.warning(request, f"{said} Il n'y a plus de brouillon à relire ni à publier.")
    else:
        messages.warning(request, "Il n'y a pas de brouillon à relire ni à publier.")
    return redirect("answer_story", addressee.pk)


def reviewed(
    request: HttpRequest, addressee: Addressee, draft: ReplyDraft, problem: str = ""
) -> HttpResponse:
    promise = wish_in(draft.promise)
    try:
        checked(addressee, draft.text, draft.signature)
        if promise is not None:
            checked_day(promise, timezone.localdate())
    except RuleViolation as error:
        problem = problem or str(error)
    context = {
        "addressee": addressee,
        "draft": draft,
        "one": preview_of(draft),
        "review": review_of(draft, actor(request)),
        "reading": reading_of(draft),
        "problem": problem,
    }
    return render(request, "experiences/answering/review.html", context)


def preview_of(draft: ReplyDraft) -> ShownReply:
    """What the public page will show, by its own rules; nothing is saved."""
    structure = draft.addressee.structure
    reply = Reply(
        text=draft.text,
        signature=draft.signature,
        structure=structure,
        published_at=timezone.now(),
    )
    wish = wish_in(draft.promise)
    if wish is not None and wish.due_on is not None:
        reply.promise = Promise(
            what=wish.what,
            due_on=wish.due_on,
            where=wish.where or structure,
            indicator=wish.indicator,
        )
    return shown_reply(reply, timezone.localdate())


@requires(ANSWER_STORY)
@never_cache
@require_POST
def publish_answer(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    """Send the very draft that was read again; what was found does not stop who insists."""
    draft = draft_of(addressee)
    if draft is None:
        return nothing_to_send(request, addressee)
    found = review_of(draft, actor(request))
    if found.has_remarks and request.POST.get("anyway") != "1":
        messages.info(request, "Relisez ces remarques : vous pourrez publier quand même.")
        return redirect("review_answer", addressee.pk)
    is_first = addressee.first_reply_at is None
    publish = actions.publish_reply if is_first else actions.add_to_reply
    try:
        publish(
            addressee=addressee,
            by=actor(request),
            text=draft.text,
            signature=draft.signature,
            promise=wish_in(draft.promise),
            version=int_or_zero(request.POST.get("version", "")),
            quality=found.as_json(sent_anyway=found.has_remarks),
        )
    except RuleViolation as error:
        return reviewed(request, addressee, draft, problem=str(error))
    messages.success(
        request,
        "La réponse est publiée et l'auteur du récit en est prévenu. "
        "Vous pouvez la corriger pendant trente minutes."
        if is_first
        else "Le complément est publié et l'auteur du récit en est prévenu.",
    )
    return redirect("answer_story", addressee.pk)


def int_or_zero(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@requires(ANSWER_STORY)
@never_cache
@PAGE_WITH_FORM
def rewrite_answer(request: HttpRequest, addressee: Addressee, reply: int) -> HttpResponse:
    """Correct within thirty minutes; what is found is shown once, then sent all the same."""
    kept = get_object_or_404(
        Reply.objects.select_related("addressee"), pk=reply, addressee=addressee
    )
    form = RewriteForm(
        request.POST if request.method == "POST" else None,
        reply=kept,
        addressee=addressee,
        wish=wish_of(kept),
    )
    found: Review | None = None
    if form.is_valid():
        text, signature, promise = words_of(form)
        found = review(
            text,
            addressee=addressee,
            promise=promise.what if promise else "",
            signature=signature,
            by=actor(request),
            but=kept,
        )
        if not found.has_remarks or request.POST.get("anyway") == found.seal:
            try:
                actions.rewrite_reply(
                    reply=kept,
                    by=actor(request),
                    text=text,
                    signature=signature,
                    seen=form.cleaned_data["seen"],
                    promise=promise,
                    quality=found.as_json(sent_anyway=found.has_remarks),
                )
                messages.success(request, "La réponse est corrigée. L'auteur en sera prévenu.")
                return redirect("answer_story", addressee.pk)
            except RuleViolation as error:
                form.add_error(None, str(error))
    context = {"addressee": addressee, "reply": kept, "form": form, "review": found}
    return render(request, "experiences/answering/rewrite.html", context)


def words_of(form: RewriteForm) -> tuple[str, str, PromiseWish | None]:
    return form.cleaned_data["text"], form.cleaned_data["signature"], form.promise()
