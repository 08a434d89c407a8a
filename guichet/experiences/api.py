"""`GET /api/v1/experiences`: published stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.params.functions import Path, Query

from guichet.core.errors import RuleViolation
from guichet.directory.models import Network
from guichet.experiences.models import Addressee, Experience, Feeling
from guichet.experiences.models.experiences import TAKEN_BACK
from guichet.experiences.reading.forms import FilterForm, wish_of
from guichet.experiences.reading.listing import COUNTED_TO, ListWish, listed, with_replies
from guichet.experiences.reading.open_table import kind_of, procedure_title
from guichet.experiences.reading.removals import public_text

router = Router(tags=["Récits"])
MAX_LIMIT = 100
GONE = "Ce récit a été retiré."
FEELINGS = "positive, neutral, negative"
CRITERIA = "q service reseau ou ressenti aspect reponse promesse periode limit apres".split()
MEANT = {
    **dict.fromkeys(("structure", "code"), "service"),
    **dict.fromkeys(("network", "réseau"), "reseau"),
    **dict.fromkeys(("territory", "territoire", "departement", "region", "commune"), "ou"),
    **dict.fromkeys(("feeling",), "ressenti"),
    **dict.fromkeys(("offset", "page", "avant"), "apres"),
}
"""Names of criteria elsewhere in the API, and what they are called here."""


class ReplyOut(Schema):
    published_on: date = Field(description="Jour de sa publication")
    text: str = Field(description="La réponse, ou pourquoi la modération l'a retirée")
    removed_on: date | None = Field(description="Jour où la modération l'a retirée")
    signature: str = Field(description="Fonction de qui la signe")
    is_addition: bool = Field(description="Complément daté d'une réponse")
    useful_to_author: bool | None = Field(description="L'auteur l'a trouvée utile ; null : inconnu")
    useful_count: int = Field(description="Visiteurs qui la disent utile")
    promise: str | None = Field(description="Ce qu'elle promet")
    promise_due_on: date | None = Field(description="Au plus tard le")
    promise_outcome: str | None = Field(
        description="pending, kept, partly, broken : d'après l'auteur"
    )
    promise_where: str | None = Field(description="Code du lieu où elle vaut")
    promise_indicator: str | None = Field(description="Code de l'indicateur qui doit la montrer")
    promise_done_on: date | None = Field(description="Jour où le service dit l'avoir tenue")
    promise_done_words: str | None = Field(description="Ce qui a été fait, d'après le service")


class ServiceOut(Schema):
    structure: str | None = Field(description="Code du service ; null : hors de l'annuaire")
    name: str = Field(description="Nom")
    kind: str = Field(description="Type du service")
    network: str | None = Field(description="Code de son réseau")
    channels: list[str] = Field(description="desk, appointment, phone, online, mail, post")
    answer_due_on: date | None = Field(description="Jour où la réponse est attendue")
    first_reply_on: date | None = Field(description="Jour de sa première réponse")
    replies: list[ReplyOut] = Field(description="Ses réponses, dans l'ordre")


class StoryOut(Schema):
    id: int = Field(description="Numéro", examples=[12])
    url: str = Field(description="Page du récit")
    title: str = Field(description="Titre")
    description: str = Field(description="Le récit ; les données personnelles sont remplacées")
    wished: str = Field(description="Ce qui aurait aidé")
    pseudonym: str = Field(description="Pseudonyme choisi")
    written_as: str = Field(description="user, relative, professional, association, helper")
    feeling: str = Field(description=FEELINGS)
    aspects: dict[str, str] = Field(description=f"Aspects notés par l'auteur : {FEELINGS}")
    departement: str | None = Field(description="Code du département où le récit se lit")
    departement_given: str | None = Field(description="Code du département que l'auteur a donné")
    procedure: str | None = Field(description="Code de la démarche : fiche de service-public.fr")
    procedure_title: str = Field(description="La démarche dont il s'agit")
    language: str = Field(description="Code ISO 639-1, vide quand elle n'est pas sûre")
    second_word: str | None = Field(description="Ce que l'auteur a ajouté après la publication")
    is_solved: bool | None = Field(description="Réglé, d'après l'auteur ; null : inconnu")
    service_change: str = Field(description="Amélioration reprise d'une autre plateforme")
    written_on: date = Field(description="Écrit le")
    published_on: date = Field(description="Publié le")
    first_reply_on: date | None = Field(description="Jour de la première réponse")
    same_count: int = Field(description="Personnes qui disent avoir vécu la même chose")
    entry: str = Field(description="self, counter, telephone, import")
    official_id: int | None = Field(description="Numéro sur la plateforme d'où il est repris")
    is_fictional: bool = Field(description="Récit de démonstration")
    services: list[ServiceOut] = Field(description="Services dont il parle, trois au plus")


class StoryList(Schema):
    items: list[StoryOut] = Field(description="Cette page, du plus récent au plus ancien")
    count: int = Field(
        description=f"Nombre de réponses, compté jusqu'à {COUNTED_TO} : voir count_is_exact"
    )
    count_is_exact: bool = Field(description="Faux : il y en a davantage que count")
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


@router.get("", response=StoryList, summary="Récits publiés et leurs réponses")
def list_stories(
    request: HttpRequest,
    q: str = Query("", max_length=800, description="Mots ; 200 caractères sont lus"),
    service: str = Query("", max_length=150, description="Code d'un service, avec ceux sous lui"),
    reseau: str = Query("", max_length=60, description="Code d'un réseau", example="caf"),
    ou: str = Query(
        "",
        max_length=200,
        description="Code ou nom d'un département (59) ou d'une région (R32), ou commune",
        example="59",
    ),
    ressenti: str = Query("", pattern=r"^(|positive|neutral|negative)$", description=FEELINGS),
    aspect: str = Query(
        "",
        pattern=r"^(|accessibility|information|relation|responsiveness|simplicity)$",
        description="Un aspect que l'auteur a noté",
    ),
    reponse: str = Query("", pattern="^(|oui|non)$", description="oui ou non : a une réponse"),
    promesse: str = Query(
        "", pattern="^(|faite|tenue)$", description="faite : promise ; tenue : d'après l'auteur"
    ),
    periode: str = Query(
        "",
        pattern=r"^(|30j|90j|12m|(19|20)[0-9]{2})$",
        description="30j, 90j, 12m (depuis), ou une année",
    ),
    limit: int = Query(20, ge=1, le=MAX_LIMIT, description="Récits par page"),
    apres: int | None = Query(
        None, ge=1, le=2**63 - 1, description="Numéro du dernier récit de la page précédente"
    ),
) -> dict[str, Any]:
    """Ce que montre la page des récits, avec les mêmes critères. Les pages se suivent par `next`,
    sans limite de profondeur."""
    refuse_unknown_criteria(request.GET)
    form = FilterForm(request.GET)
    wish = replace(wish_of(request.GET, form), period=periode, newer_than=None)
    refuse_unknown(wish, form, service=service, reseau=reseau, ou=ou)
    found = listed(wish, per_page=limit, with_texts=True)
    return {
        "items": [story_out(one) for one in found.items],
        "count": found.count,
        "count_is_exact": not found.is_capped,
        "next": following(request, found.older) if found.older else None,
    }


@router.get("/{int:pk}", response={200: StoryOut}, summary="Un récit et ses réponses")
def get_story(
    request: HttpRequest,
    pk: int = Path(description="Numéro du récit, qui ne change jamais"),
) -> dict[str, Any]:
    """404 pour un récit retiré, ou jamais publié."""
    story = with_replies([pk]) if pk < 2**63 else []
    if not story:
        raise Http404(GONE if was_taken_back(pk) else "Ce récit n'existe pas, ou n'est pas publié.")
    return story_out(story[0])


def refuse_unknown_criteria(query: QueryDict) -> None:
    """A criterion of another name would narrow nothing, without a word."""
    unknown = [name for name in query if name not in CRITERIA]
    if not unknown:
        return
    first = unknown[0][:60]
    meant = f" Écrivez « {MEANT[first]} »." if first in MEANT else ""
    raise RuleViolation(
        f"Le critère « {first} » n'existe pas ici.{meant} Critères : {', '.join(CRITERIA)}."
    )


def refuse_unknown(wish: ListWish, form: FilterForm, *, service: str, reseau: str, ou: str) -> None:
    """A program is told of a code that names nothing: it would take every story for an answer.
    Words that hold a character which cannot be looked for are refused too."""
    if form.has_error("q"):
        raise RuleViolation(f"Critère « q » : {form.errors['q'][0]}")
    scope = wish.scope
    if service and scope.structure is None:
        if form.offered:
            codes = ", ".join(one.code for one in form.offered)
            raise Http404(f"Plusieurs services portent ce nom : écrivez un code, comme {codes}.")
        raise Http404("Aucun service n'a ce code. Les codes sont ceux de /api/v1/structures.")
    if reseau and scope.network is None:
        known = ", ".join(Network.objects.order_by("code").values_list("code", flat=True))
        raise Http404(f"Aucun réseau n'a ce code. Codes connus : {known or 'aucun'}.")
    if ou.strip() and scope.territory is None:
        raise Http404(
            "Ce lieu n'est pas reconnu : écrivez une commune, un code postal, un département (59) "
            "ou une région (R32). Les communes sont celles de /api/v1/communes."
        )


def was_taken_back(pk: int) -> bool:
    return pk < 2**63 and Experience.objects.filter(pk=pk, state__in=TAKEN_BACK).exists()


def following(request: HttpRequest, last: int) -> str:
    query: QueryDict = request.GET.copy()
    query["apres"] = str(last)
    query.pop("avant", None)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def story_out(story: Experience) -> dict[str, Any]:
    word, author = getattr(story, "second_word", None), getattr(story, "author", None)
    return {
        "id": story.pk,
        "url": settings.PUBLIC_URL + story.get_absolute_url(),
        "title": story.title,
        "description": story.description,
        "wished": story.wished,
        "pseudonym": story.pseudonym,
        "written_as": story.written_as,
        "feeling": Feeling(story.feeling).value,
        "aspects": {aspect.value: value.value for aspect, value in story.aspects().items()},
        "departement": story.read_in_id,
        "departement_given": story.departement_id,
        "procedure": story.procedure.code if story.procedure else None,
        "procedure_title": procedure_title(story),
        "language": story.language,
        "second_word": word.text if word and word.published_at else None,
        "is_solved": author.is_solved if author else None,
        "service_change": story.similar_service_change,
        "written_on": story.written_on,
        "published_on": timezone.localdate(story.published_at),
        "first_reply_on": story.first_reply_at and timezone.localdate(story.first_reply_at),
        "same_count": story.same_count,
        "entry": story.entry,
        "official_id": story.official_id,
        "is_fictional": story.is_fictional,
        "services": [service_out(one) for one in story.addressees.all()],
    }


def service_out(one: Addressee) -> dict[str, Any]:
    return {
        "structure": one.structure.code if one.structure else None,
        "name": str(one),
        "kind": kind_of(one),
        "network": one.network.code if one.network else None,
        "channels": list(one.channels),
        "answer_due_on": one.due_on,
        "first_reply_on": one.first_reply_at and timezone.localdate(one.first_reply_at),
        "replies": [reply_out(reply) for reply in one.replies.all()],
    }


def reply_out(reply: Any) -> dict[str, Any]:
    promise = getattr(reply, "promise", None)
    return {
        "published_on": timezone.localdate(reply.published_at),
        "text": public_text(reply),
        "removed_on": reply.removed_at and timezone.localdate(reply.removed_at),
        "signature": reply.signature,
        "is_addition": reply.addition_to_id is not None,
        "useful_to_author": reply.was_useful,
        "useful_count": reply.useful_count,
        "promise": promise.what if promise else None,
        "promise_due_on": promise.due_on if promise else None,
        "promise_outcome": promise.outcome if promise else None,
        "promise_where": promise.where.code if promise and promise.where else None,
        "promise_indicator": promise.indicator.code if promise and promise.indicator else None,
        "promise_done_on": promise.done_on if promise else None,
        "promise_done_words": promise.done_words or None if promise else None,
    }
