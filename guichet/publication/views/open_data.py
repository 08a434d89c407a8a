"""`/donnees/`: the open tables, the releases and their files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.extensions import OpenTable
from guichet.publication.editions import UnknownEdition
from guichet.publication.models import Release
from guichet.publication.open_data import pages
from guichet.publication.open_data.catalogue import (
    catalogue_document,
    published_releases,
    schema_of,
)
from guichet.publication.open_data.kept_archives import archive_size, kept_archive, pieces_of
from guichet.publication.open_data.kept_files import all_tables, kept_file, table_named
from guichet.publication.open_data.release_files import ReleaseFiles, files_of
from guichet.publication.open_data.writers import (
    GZIP,
    MEDIA_TYPES,
    OFFERED,
    PIECES,
    gzip_pieces,
    write_table,
)
from guichet.publication.releasing.manifest import NAME
from guichet.publication.views.unknown_editions import tells_editions

COMPRESSED = {"parquet", "zip", "csv.gz", "json.gz"}
TEXT = "text/plain; charset=utf-8"
NO_TABLE = "Aucune table de données ne porte ce nom."
NO_FORMAT = "Ce format n'est pas proposé : choisissez csv, parquet ou json."
NO_FILE = "Cette édition n'a pas de fichier de ce nom : manifest.json donne leur liste."
NO_FOLDER = "Les fichiers de cette édition ne sont pas sur ce serveur."


@requires(PUBLIC)
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    releases = published_releases()
    current = next((release for release in releases if release.is_current), None)
    files = files_of(current) if current else None
    context = {
        "tables": [pages.shown_table(table) for table in all_tables()],
        "releases": releases,
        "current": current,
        "byte_size": pages.byte_size_of(files) if files else 0,
        "archive_size": archive_size(current) if current else 0,
        "licence": pages.LICENCE,
    }
    return render(request, "publication/open_data.html", context)


@requires(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return json_document(catalogue_document(), "application/ld+json")


@requires(PUBLIC)
@require_safe
def table_schema(request: HttpRequest, table: str) -> HttpResponse:
    return json_document(schema_of(table_or_404(table)), "application/json")


def json_document(document: dict[str, object], media_type: str) -> JsonResponse:
    return JsonResponse(
        document,
        content_type=media_type,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Access-Control-Allow-Origin": "*"},
    )


def table_or_404(name: str) -> OpenTable:
    table = table_named(name)
    if table is None:
        raise Http404(NO_TABLE)
    return table


@requires(PUBLIC)
@require_safe
def table_file(request: HttpRequest, table: str, extension: str) -> HttpResponseBase:
    """The file kept ready; before the first one is made, the rows as they are read."""
    found = table_or_404(table)
    if extension not in OFFERED:
        raise Http404(NO_FORMAT)
    headers = download_headers(f"{found.name}.{extension}", extension)
    kept = kept_file(found, extension)
    if kept is None:
        return fresh_answer(request, found, extension, headers)
    headers |= {"Last-Modified": http_date(kept.made_at.timestamp())}
    unchanged = conditional(request, kept.mark, headers)
    return unchanged or file_answer(kept.path, MEDIA_TYPES[extension], headers)


def fresh_answer(
    request: HttpRequest, table: OpenTable, extension: str, headers: dict[str, str]
) -> HttpResponseBase:
    media_type = MEDIA_TYPES[extension]
    if request.method == "HEAD":
        return HttpResponse(content_type=media_type, headers=headers)
    if extension == "parquet":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.parquet"
            write_table(table.columns, table.rows(), path)
            return file_answer(path, media_type, headers)
    pieces = PIECES[extension.removesuffix(GZIP)](table.columns, table.rows())
    if extension.endswith(GZIP):
        pieces = gzip_pieces(pieces)
    return StreamingHttpResponse(pieces, content_type=media_type, headers=headers)


def download_headers(name: str, extension: str) -> dict[str, str]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
    }
    if extension in COMPRESSED:
        headers["Content-Encoding"] = "identity"
    return headers


def file_answer(path: Path, media_type: str, headers: dict[str, str]) -> FileResponse:
    answer = FileResponse(path.open("rb"), content_type=media_type)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def conditional(
    request: HttpRequest, mark: str, headers: dict[str, str]
) -> HttpResponseBase | None:
    """The answer 304 when the visitor has this already; `headers` gets the mark."""
    headers["ETag"] = quote_etag(mark)
    headers.setdefault("Cache-Control", "public, max-age=300")
    answer = get_conditional_response(request, etag=headers["ETag"])
    return answer if answer is not None and answer.status_code == 304 else None


@requires(PUBLIC)
@tells_editions
@require_safe
def release_page(request: HttpRequest, release: str) -> HttpResponse:
    found, files = release_or_404(release)
    context = {
        "release": found,
        "byte_size": pages.byte_size_of(files),
        "archive_size": archive_size(found),
        "shown": pages.shown_release(found, files, request.GET.get("reseau", "")),
    }
    return render(request, "publication/open_release.html", context)


@requires(PUBLIC)
@tells_editions
@require_safe
def release_file(request: HttpRequest, release: str, file: str) -> HttpResponseBase:
    found, files = release_or_404(release)
    path = files.path(file)
    if path is None or not path.is_file():
        raise Http404(NO_FILE)
    extension = path.suffix.removeprefix(".")
    media_type = MEDIA_TYPES.get(extension, TEXT)
    name = f"{found.name}-{file.replace('/', '-')}"
    headers = download_headers(name, extension)
    headers["Cache-Control"] = "public, max-age=86400"
    mark = files.hashes[file] or f"{found.identity}-{NAME}"
    return conditional(request, mark, headers) or file_answer(path, media_type, headers)


@requires(PUBLIC)
@tells_editions
@require_safe
def release_archive(request: HttpRequest, release: str) -> HttpResponseBase:
    found, files = release_or_404(release)
    headers = download_headers(f"{settings.INSTITUTION}-{found.name}.zip".replace(" ", "-"), "zip")
    path = kept_archive(found)
    mark = f"{found.identity}-{'zip' if path else 'stored-zip'}"
    unchanged = conditional(request, mark, headers)
    if unchanged is not None:
        return unchanged
    if path:
        return file_answer(path, "application/zip", headers)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    pieces = pieces_of(found, files, is_compressed=False)
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


def release_or_404(name: str) -> tuple[Release, ReleaseFiles]:
    release = Release.objects.published().filter(name=name).first()
    if release is None:
        raise UnknownEdition(name)
    files = files_of(release)
    if files is None:
        raise Http404(NO_FOLDER)
    return release, files
