"""`/services/<code>/`: one place, and all that the platform knows of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.directory.queries import code_known_elsewhere, public_structure
from guichet.web.linked_data import as_script, government_office
from guichet.web.structure_page import structure_page


@requires(PUBLIC)
@require_safe
def structure(request: HttpRequest, code: str) -> HttpResponse:
    found = public_structure(code)
    if found is None:
        return redirect_to_known_code(code)
    if found.merged_into is not None:
        return redirect(found.merged_into, permanent=True)
    page = structure_page(found)
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {
        "page": page,
        "structure": found,
        "linked_data": as_script(government_office(page, address)),
        "may_manage": may_manage(request, found),
    }
    return render(request, "web/structure.html", context)


def redirect_to_known_code(code: str) -> HttpResponse:
    known = code_known_elsewhere(code)
    if known is None or known == code:
        raise Http404("Ce lieu n'existe pas ou n'existe plus.")
    return redirect("structure", code=known, permanent=True)


def may_manage(request: HttpRequest, found: Structure) -> bool:
    return request.user.is_authenticated and powers_of(request.user).may_manage(found)
