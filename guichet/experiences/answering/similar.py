"""What the network answered before in like cases, with what its readers thought of it.

Owns the words looked for and the order; refuses the answers of other networks.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, QuerySet

from guichet.core.text import search_text
from guichet.directory.models import Structure
from guichet.experiences.models import Addressee, Experience, Reply, State
from guichet.experiences.reading.story_page import MASKED
from guichet.moderation.quality.words import words_in

SHOWN = 5
RANKED = 100
MOST_WORDS = 8
SHORTEST_WORD = 4

MOST_TELLING = 12
COMMON_FROM = 0.05
"""Of the answers: a word that more of them hold tells nothing of a story."""

TELLING = """
SELECT told.lexeme, kept.share
FROM unnest(to_tsvector('french', %(text)s)) AS told
LEFT JOIN (
  SELECT elem AS lexeme, freq AS share
  FROM pg_stats,
    unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (elem, freq)
  WHERE schemaname = current_schema() AND tablename = 'experiences_reply' AND attname = 'words'
) AS kept ON kept.lexeme = told.lexeme
WHERE length(told.lexeme) >= %(shortest)s
ORDER BY kept.share, length(told.lexeme) DESC, told.lexeme
"""


@dataclass(frozen=True)
class PastAnswer:
    """`outcome` says what the author and the visitors thought; empty when nobody said."""

    reply: Reply
    outcome: str


def similar_answers(addressee: Addressee, words: str) -> list[PastAnswer]:
    """The network's past answers that share the most words with `words`, else with the story's
    title and the most telling words of what it tells; those that the author found useful first
    among equals."""
    typed = search_text(words)
    query = query_of_any_word(typed) if typed else query_of_story(addressee.experience)
    if query is None:
        return []
    latest = own_answers(addressee).filter(words=query, addition_to=None).order_by("-published_at")
    keys = list(latest.values_list("pk", flat=True)[:RANKED])
    ranked = (
        Reply.objects.filter(pk__in=keys, addressee__experience__state=State.PUBLISHED)
        .exclude(addressee__experience=addressee.experience_id)
        .annotate(rank=SearchRank("words", query))
        .select_related("addressee__experience", "structure")
        .defer("addressee__experience__description", "addressee__experience__search")
        .order_by("-rank", F("was_useful").desc(nulls_last=True), "-useful_count", "-published_at")
    )
    return [PastAnswer(one, outcome_of(one)) for one in ranked[:SHOWN]]


def own_answers(addressee: Addressee) -> QuerySet[Reply]:
    """Answers and additions of the network, else of the service, looked for by structures, without
    joining stories: these are few."""
    own = Q(structure=addressee.structure_id)
    if addressee.network_id is not None:
        own = Q(structure__in=Structure.objects.filter(network=addressee.network_id))
    return Reply.objects.filter(own)


def query_of_any_word(text: str) -> SearchQuery | None:
    """Any of the longer words of `text`; None when it holds none."""
    words = dict.fromkeys(
        text[one.start : one.end] for one in words_in(text) if one.end - one.start >= SHORTEST_WORD
    )
    found: SearchQuery | None = None
    for word in list(words)[:MOST_WORDS]:
        query = SearchQuery(word, config="french")
        found = query if found is None else found | query
    return found


def query_of_story(experience: Experience) -> SearchQuery | CombinedSearchQuery | None:
    """Any of the words of its title, and of the telling ones of its text."""
    titled = query_of_any_word(experience.title)
    telling = telling_words(experience.description)
    if not telling:
        return titled
    told = SearchQuery(" | ".join(telling), config="simple", search_type="raw")
    return told if titled is None else titled | told


def telling_words(text: str) -> list[str]:
    """The lexemes of `text` that fewest answers hold, from what PostgreSQL keeps of how often each
    one comes: none that is in many answers, some that are in a few, then the longest of those that
    it never met often. One query, whatever the number of answers; never more than `MOST_TELLING`
    words, so that a long story is not longer to look for."""
    with connection.cursor() as cursor:
        cursor.execute(TELLING, {"text": MASKED.sub(" ", text), "shortest": SHORTEST_WORD})
        found = [(word, share) for word, share in cursor.fetchall() if word.isalpha()]
    met = [word for word, share in found if share is not None and share <= COMMON_FROM]
    unmet = [word for word, share in found if share is None]
    return [*met[: MOST_TELLING // 2], *unmet][:MOST_TELLING]


def outcome_of(reply: Reply) -> str:
    said = []
    if reply.was_useful is not None:
        said.append(
            "utile, d'après l'auteur" if reply.was_useful else "pas utile, d'après l'auteur"
        )
    if reply.useful_count:
        said.append(
            f"utile pour {reply.useful_count} lecteur{'s' if reply.useful_count > 1 else ''}"
        )
    return " ; ".join(said)
