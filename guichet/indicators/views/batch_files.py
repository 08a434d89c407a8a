"""Files around a batch: the model to fill, the file as it came, the file with its mends."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from guichet.core.access import requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.indicators.batches.models_of_files import CSV, XLSX, model_file
from guichet.indicators.batches.pages import BatchShown
from guichet.indicators.batches.senders import leads, scopes_of
from guichet.indicators.lake import received_path
from guichet.indicators.models import Batch
from guichet.indicators.policies import READ_BATCH, SEND_BATCHES

TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@requires(SEND_BATCHES)
@require_safe
def model_csv(request: HttpRequest, network: Network) -> HttpResponse:
    return model_answer(request, network, CSV)


@requires(SEND_BATCHES)
@require_safe
def model_xlsx(request: HttpRequest, network: Network) -> HttpResponse:
    return model_answer(request, network, XLSX)


def model_answer(request: HttpRequest, network: Network, file_format: str) -> HttpResponse:
    content = model_file(network, scope=scope_asked(request, network), file_format=file_format)
    return attached(content, f"modele-{network.code}.{file_format}", TYPES[file_format])


def scope_asked(request: HttpRequest, network: Network) -> Structure | None:
    """None for a lead; of a manager, the structure asked for, else the first one managed."""
    if leads(request.user, network):
        return None
    held = scopes_of(request.user, network)
    asked = request.GET.get("structure", "")
    return held.filter(code=asked).first() or held.first()


def kept_file(batch: Batch) -> Path:
    path = received_path(batch)
    if not batch.received_file or not path.is_file():
        raise Http404("Ce fichier n'est pas gardé.")
    return path


@requires(READ_BATCH)
@require_safe
def corrected(request: HttpRequest, batch: Batch) -> HttpResponseBase:
    """The file with what a machine may mend, and a column that says what remains."""
    from guichet.indicators.batches.corrected import corrected_file

    kept_file(batch)
    try:
        content = corrected_file(batch)
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect("batch", batch.network.code, batch.address)
    return streamed(content, f"corrige-{BatchShown(batch).file_name}.csv", TYPES[CSV])


@requires(READ_BATCH)
@require_safe
def received(request: HttpRequest, batch: Batch) -> HttpResponseBase:
    """The file as it came, byte for byte, never shown in the browser."""
    return streamed(kept_file(batch).open("rb"), batch.file_name, "application/octet-stream")


def streamed(content: IO[bytes], name: str, content_type: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response
