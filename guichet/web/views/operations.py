"""Pages of the person who runs the server, and what machines ask of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.retention import retention_register
from guichet.directory.policies import ADMINISTER
from guichet.web.operations import demo_mail, jobs, outbox
from guichet.web.operations.health import check_everything
from guichet.web.operations.server_state import server_state as read_server_state

MAILS_A_PAGE = 20


@requires(PUBLIC)
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; says nothing of the rest."""
    return JsonResponse({"status": "ok"})


@requires(PUBLIC)
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that serving needs is there: 200, or 503 with what is missing. Notices are told
    either way."""
    outcomes = check_everything()
    well = all(outcome.lets_serve for outcome in outcomes)
    response = JsonResponse(
        {
            "status": "ok" if well else "unavailable",
            "checks": {outcome.name: outcome.problem or "ok" for outcome in outcomes},
        },
        status=200 if well else 503,
        json_dumps_params={"ensure_ascii": False},
    )
    response._has_been_logged = True  # type: ignore[attr-defined]  # one line, ours, is enough
    return response


@requires(ADMINISTER)
@never_cache
@require_safe
def server_state(request: HttpRequest) -> HttpResponse:
    return render(request, "web/operations/server_state.html", {"state": read_server_state()})


@requires(ADMINISTER)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    return render(request, "web/operations/retention.html", {"entries": retention_register()})


@requires(ADMINISTER)
@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    return carried_out(request, partial(jobs.retry_job, job_id=job_id), "La tâche est relancée.")


@requires(ADMINISTER)
@require_POST
def erase_job(request: HttpRequest, job_id: int) -> HttpResponse:
    return carried_out(request, partial(jobs.erase_job, job_id=job_id), "La tâche est effacée.")


@requires(ADMINISTER)
@require_POST
def retry_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    retry = partial(outbox.retry_mail, mail_id=mail_id)
    return carried_out(request, retry, "Le courriel sera envoyé dans un instant.")


@requires(ADMINISTER)
@require_POST
def erase_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    erase = partial(outbox.erase_mail, mail_id=mail_id)
    return carried_out(request, erase, "Le courriel est effacé.")


def carried_out(request: HttpRequest, write: Callable[..., None], done: str) -> HttpResponse:
    """Back to the page, which says what was done or why it was not."""
    try:
        write(by=request.user)
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("server_state")


@requires(PUBLIC)
@never_cache
@require_safe
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    """The mails of the demonstration; does not exist elsewhere."""
    if not demo_mail.may_read_demo_mail(request):
        raise Http404("Cette page n'existe qu'en démonstration.")
    page = Paginator(demo_mail.mail_paths(), MAILS_A_PAGE).get_page(request.GET.get("page"))
    mails = [mail for path in page.object_list if (mail := demo_mail.read_mail(path))]
    return render(
        request,
        "web/operations/demo_mailbox.html",
        {"mails": mails, "page": page, "query": request.GET},
    )
