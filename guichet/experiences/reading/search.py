"""What a search of stories looks through, and the words that it is asked.

Owns the columns `search`, `networks`, `promises` and `read_in` of stories, and how typed words
become a query; refuses to list. Words are read twice, with their accents and without: French stems
differ between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Lookup

from guichet.experiences.models import Experience

FILL = """
UPDATE experiences_experience AS story SET
  search = CASE WHEN story.state = 'published' THEN
    to_tsvector('french', read.words) || to_tsvector('french', unaccent(read.words)) END,
  read_in_id = coalesce(story.departement_id, read.departement),
  networks = coalesce(read.networks, '{}'),
  promises = read.promises
FROM (
  SELECT
    told.id,
    concat_ws(' ', told.title, told.description, told.wished, told.procedures_entered,
      sheet.title, area.name, services.names) AS words,
    services.departement,
    services.networks,
    ARRAY(
      SELECT DISTINCT promise.outcome
      FROM experiences_addressee AS addressed
      JOIN experiences_reply AS reply ON reply.addressee_id = addressed.id
      JOIN experiences_promise AS promise ON promise.reply_id = reply.id
      WHERE addressed.experience_id = told.id
    ) AS promises
  FROM experiences_experience AS told
  LEFT JOIN orientation_procedure AS sheet ON sheet.id = told.procedure_id
  LEFT JOIN territories_departement AS area ON area.code = told.departement_id
  LEFT JOIN LATERAL (
    SELECT
      string_agg(concat_ws(' ', addressed.name_entered, addressed.kind_entered, place.name,
        kind.label, network.name, town.name), ' ') AS names,
      (array_agg(town.departement_id ORDER BY addressed.rank)
        FILTER (WHERE town.departement_id IS NOT NULL))[1] AS departement,
      array_agg(DISTINCT addressed.network_id) FILTER (WHERE addressed.network_id IS NOT NULL)
        AS networks
    FROM experiences_addressee AS addressed
    LEFT JOIN directory_structure AS place ON place.id = addressed.structure_id
    LEFT JOIN directory_structurekind AS kind ON kind.code = place.kind_id
    LEFT JOIN directory_network AS network ON network.id = place.network_id
    LEFT JOIN territories_commune AS town ON town.insee_code = place.commune_id
    WHERE addressed.experience_id = told.id
  ) AS services ON true
  WHERE told.id = ANY(%s)
) AS read
WHERE read.id = story.id
"""
ASK = """
SELECT CASE WHEN querytree(query) IN ('', 'T') THEN '' ELSE query::text END
FROM (SELECT CASE WHEN typed = plain THEN typed ELSE typed || plain END
  FROM (SELECT websearch_to_tsquery('french', %(words)s),
    websearch_to_tsquery('french', unaccent(%(words)s))) AS read (typed, plain)) AS asked (query)
"""


@SearchVectorField.register_lookup
class Answers(Lookup):
    """`search__answers=<tsquery as text>`: parsed once, a constant for the planner."""

    lookup_name = "answers"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_params, *right_params)


def index(experience: Experience) -> None:
    """To call in the transaction that publishes a story, passes it on or takes it back, or that
    writes, judges or removes a promise made to it: it is found by its words, its services, its
    places and its promises from then on, or by nothing any more.

    `experience` is refreshed of what was written: saving it whole afterwards loses nothing.
    """
    index_all([experience.pk])
    experience.refresh_from_db(fields=["search", "networks", "promises", "read_in"])


def index_all(ids: Iterable[int]) -> None:
    """The same for many stories, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [list(ids)])


def query_of(words: str) -> str:
    """The `tsquery` of typed words, as text; empty when they hold nothing to look for: too common
    (« le »), or left out only (« -guichet »), which would read every story.

    « "file d'attente" » looks for the phrase, « -guichet » leaves out, « or » takes either.
    """
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"words": words})
        return str(cursor.fetchone()[0])
