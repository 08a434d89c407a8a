"""What visitors do on a story: two gestures, a report. No cookie, no script."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.experiences.following import actions, limits
from guichet.experiences.following.forms import ContentReportForm
from guichet.experiences.following.queries import public_replies
from guichet.experiences.models import Experience, GestureKind, Reply


@requires(PUBLIC)
@csrf_exempt
@require_POST
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """« J'ai vécu la même chose »"""
    story = public_story(pk)
    gesture(request, GestureKind.SAME, pk)
    return see_other(f"{story.get_absolute_url()}?merci=meme#merci-meme")


@requires(PUBLIC)
@csrf_exempt
@require_POST
def useful(request: HttpRequest, pk: int) -> HttpResponse:
    """« Réponse utile »; `pk` is that of the answer."""
    found = Reply.objects.select_related("addressee").filter(pk=pk, removed_at=None).first()
    if found is None:
        raise Http404("Cette réponse n'existe pas, ou n'est plus publiée.")
    story = public_story(found.addressee.experience_id)
    gesture(request, GestureKind.USEFUL, pk)
    return see_other(f"{story.get_absolute_url()}?merci={pk}#merci-{pk}")


def public_story(pk: int) -> Experience:
    return get_object_or_404(Experience.objects.published(), pk=pk)


def gesture(request: HttpRequest, kind: GestureKind, subject: int) -> None:
    """Repeated, beyond all measure or sent by a page of another site, it is thanked and not
    counted."""
    if not limits.gesture_is_counted(request):
        return
    try:
        seal = limits.seal_of(request, kind, subject)
        actions.record_gesture(kind=kind, subject=subject, seal=seal)
    except RuleViolation as error:
        raise Http404(str(error)) from error


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def report(request: HttpRequest, pk: int) -> HttpResponse:
    story = public_story(pk)
    form = ContentReportForm(
        request.POST if request.method == "POST" else None,
        about=f"report-{pk}",
        replies=public_replies(story),
        picked=request.GET.get("reponse", ""),
    )
    context = {"story": story, "form": form}
    if form.is_valid():
        values = form.cleaned_data
        actions.report_content(
            experience=story,
            topic=values["topic"],
            message=values["message"],
            reply=values["about_reply"],
            name=values["name"],
            email=values["email"],
            is_burst=limits.report_comes_in_a_burst(request),
            is_mailed=bool(values["email"]) and limits.may_mail(request, values["email"]),
        )
        return see_other(f"{request.path}?envoye=oui")
    if request.GET.get("envoye"):
        return render(request, "experiences/following/reported.html", context)
    return render(request, "experiences/following/report.html", context)
