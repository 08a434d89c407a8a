"""What people type and what it means: the shipped table, and what it finds."""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from pathlib import Path

import pytest

from guichet.orientation.matching.index import Document, Index, Meaning, plain_words
from guichet.orientation.matching.words import Vocabulary, is_chatter, stem, words_of
from guichet.orientation.models import Synonym
from guichet.orientation.procedures.sources import read_sheets
from guichet.orientation.procedures.sources.base import Read
from guichet.orientation.reference_tables import REFERENCE, shipped_needs, shipped_synonyms

LONGEST_TYPED = Synonym._meta.get_field("typed").max_length
LONGEST_MEANS = Synonym._meta.get_field("means").max_length

KEPT_WORDS = "pas plu sa son ses ces car but me même âme mais sans à un le la les que qui".split()
"""Words that an acronym or a familiar word must not hide: « mémé » is « même » without accents."""

HOMONYMS = {
    "CSP": "contrat de sécurisation professionnelle",
    "MNA": "mineur étranger non accompagné",
    "TNS": "travailleur non salarié indépendant",
}
"""Where the shared file only knows a bureau or a theatre of the same letters."""

EXAMPLES = [
    ("jsui au chomdu", "toucher-allocation-chomage"),
    ("été viré du boulot", "licenciement-contester"),
    ("aller aux prudhommes", "licenciement-contester"),
    ("je bosse au black", "contrat-de-travail"),
    ("mon patron a mis la clé sous la porte", "licenciement-economique"),
    ("un emploi d'avenir", "emploi-insertion-contrat-aide"),
    ("jai perdu mon taf", "perdre-son-emploi"),
    ("je suis fauché ce mois-ci", "aide-urgence-financiere"),
    ("on est dans la dèche", "aide-urgence-financiere"),
    ("ya rien à bouffer a la maison", "aide-alimentaire"),
    ("je croule sous les dettes", "surendettement"),
    ("mon compte est dans le rouge", "frais-bancaires"),
    ("je touchais le fonds national de solidarité", "aspa"),
    ("érémiste", "demander-rsa"),
    ("pa de mutuel", "complementaire-sante-solidaire"),
    ("je cherche un toubib", "trouver-medecin-traitant"),
    ("mon père picole", "addictions"),
    ("aide pour payer un sonotone", "lunettes-dents-appareils-auditifs"),
    ("je broie du noir", "consulter-psychologue"),
    ("ma daronne perd la boule", "tutelle-curatelle"),
    ("mamy est grabataire", "apa"),
    ("femme de ménage pour ma mère", "aide-domicile-personne-agee"),
    ("maison de vieux", "maison-retraite"),
    ("incinération de mon père", "payer-obseques"),
    ("mon frangin est en taule", "visite-prison"),
    ("bracelet à la cheville", "suivi-peine-spip"),
    ("les keufs m'ont mis une prune", "amende-payer"),
    ("les flics m'ont enlevé mon permis", "permis-suspendu"),
    ("prime à la casse pour ma voiture", "aide-velo-voiture-propre"),
    ("pastille verte", "critair"),
    ("papier voiture", "carte-grise-achat"),
    ("permis algérien", "permis-etranger"),
    ("residence permit", "renouveler-titre-sejour"),
    ("avoir les papiers", "sans-papiers-regularisation"),
    ("mes gosses à la cantoche", "cantine-et-periscolaire"),
    ("faire un BEPC", "examens-et-diplomes"),
    ("12 mois de service", "journee-defense-citoyennete"),
    ("je ne comprends pas ma TH", "taxe-habitation-residence-secondaire"),
    ("demander la TF", "taxe-fonciere"),
    ("demander le CMG", "assistante-maternelle"),
    ("isolation à 1 euro", "aides-renovation-logement"),
    ("des blattes dans la cuisine", "nuisibles-logement"),
    ("du boucan toute la nuit", "bruit-voisins"),
    ("champignons au mur de ma piaule", "logement-insalubre"),
    ("réverbère cassé", "probleme-rue"),
    ("les monstres devant chez moi", "collecte-dechets"),
    ("fermer ma boîte", "fermer-mon-entreprise"),
    ("dossier au défenseur, ex Halde", "defenseur-des-droits"),
    ("ma meuf est en cloque", "declarer-grossesse"),
    ("veux me flinguer", "urgence-je-veux-mourir"),
    ("il a fait un infarctus", "urgence-personne-malade"),
    ("mon mari lève la main sur moi", "violences-dans-le-couple"),
    ("le véto de garde", "hors-veterinaire-animal"),
]

SPELLINGS = [
    ("jpeu pa payer mon loyer depui 2 moi", "je peux pas payer mon loyer depuis 2 mois"),
    ("cmt fair pr avoir un rdv", "comment faire pour avoir un rendez-vous"),
    ("kelkun ma volé mon sac ac mes papiers dedan", "quelqu'un m'a volé mon sac avec mes papiers"),
    ("eske jdois payer largent", "est-ce que je dois payer l'argent"),
    ("voudrai savoir pk la caf paye pa", "voudrais savoir pourquoi la caf paye pas"),
    ("à qui m'adresser pour mon loyer, merci d'avance", "où aller pour mon loyer"),
    ("bonne journée, cordialement", ""),
]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (REFERENCE / "synonyms.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, strict=True))


@pytest.fixture(scope="module")
def sheets() -> list[Read]:
    return list(read_sheets())


@pytest.fixture(scope="module")
def documents(sheets: list[Read]) -> list[Document]:
    titles = {read.sheet.code: read.sheet.title for read in sheets}
    return [
        Document(
            key=need["code"],
            phrases=(need["title"], *need["phrases"]),
            words=tuple(need["words"]),
            body=" ".join(titles.get(code, "") for code in need["procedures"]),
        )
        for need in shipped_needs()
    ]


@pytest.fixture(scope="module")
def index(documents: list[Document]) -> Index:
    return Index(documents, (Meaning(**row) for row in shipped_synonyms()))


def meaningful(text: str) -> list[str]:
    return [word for word in words_of(text) if not is_chatter(word)]


def best_two(index: Index, text: str) -> list[str]:
    return [one.key for one in index.read(text).found[:2]]


def test_each_row_is_whole(rows: list[dict[str, str]]) -> None:
    assert 500 <= len(rows) <= 900
    for row in rows:
        assert list(row) == ["typed", "means", "replaces"]
        assert row["replaces"] in {"yes", "no"}, row
        for name, longest in (("typed", LONGEST_TYPED), ("means", LONGEST_MEANS)):
            assert row[name] == row[name].strip() != "", row
            assert len(row[name]) <= longest, row


def test_rows_are_in_the_order_of_what_is_typed(rows: list[dict[str, str]]) -> None:
    typed = [" ".join(plain_words(row["typed"])) for row in rows]
    assert typed == sorted(typed)


def test_nothing_is_typed_in_two_rows(rows: list[dict[str, str]]) -> None:
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        seen[tuple(plain_words(row["typed"]))].append(row["typed"])
    assert () not in seen
    assert [twice for twice in seen.values() if len(twice) > 1] == []


def test_each_meaning_changes_what_is_read(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert plain_words(row["typed"]) != plain_words(row["means"]), row
        assert meaningful(row["means"]) or row["replaces"] == "yes", row


def test_meanings_are_words_that_needs_or_sheets_know(
    rows: list[dict[str, str]], documents: list[Document], sheets: list[Read]
) -> None:
    said = [text for one in documents for text in (*one.phrases, *one.words, one.body)]
    for read in sheets:
        sheet = read.sheet
        said += [sheet.title, sheet.subject, sheet.folder, sheet.description, read.keywords]
    known = Vocabulary(word for text in said for word in meaningful(text))
    unknown = {
        row["typed"]: [word for word in meaningful(row["means"]) if word not in known]
        for row in rows
    }
    assert {typed: words for typed, words in unknown.items() if words} == {}


def test_everyday_words_keep_their_sense(rows: list[dict[str, str]]) -> None:
    typed = {tuple(plain_words(row["typed"])) for row in rows}
    assert [word for word in KEPT_WORDS if tuple(plain_words(word)) in typed] == []


@pytest.mark.parametrize(("typed", "code"), EXAMPLES)
def test_what_people_type_finds_the_need(index: Index, typed: str, code: str) -> None:
    assert code in best_two(index, typed)


def test_it_is_the_table_that_finds_them(documents: list[Document]) -> None:
    alone = Index(documents)
    found = [typed for typed, code in EXAMPLES if code in best_two(alone, typed)]
    assert len(found) < len(EXAMPLES) / 3, found


@pytest.mark.parametrize(("typed", "meant"), SPELLINGS)
def test_spelling_of_messages_is_read_as_plain_french(index: Index, typed: str, meant: str) -> None:
    plain = [one.stems for one in index.read(meant).heard]
    assert [one.stems for one in index.read(typed).heard] == plain


def test_acronyms_agree_with_those_of_the_administration(rows: list[dict[str, str]]) -> None:
    folder = os.environ.get("GUICHET_SHARED_DATA")
    if not folder:
        pytest.skip("GUICHET_SHARED_DATA is not set")
    official: dict[str, list[set[str]]] = defaultdict(list)
    with gzip.open(
        Path(folder) / "sigles_administratifs.csv.gz", "rt", encoding="utf-8", newline=""
    ) as table:
        for line in csv.DictReader(table):
            words = {stem(word) for word in meaningful(line["developpe"])}
            official[" ".join(plain_words(line["sigle"]))].append(words)
    compared, apart = 0, {}
    for row in rows:
        known = official.get(" ".join(plain_words(row["typed"])))
        if not known or not row["typed"].isupper():
            continue
        compared += 1
        ours = {stem(word) for word in meaningful(row["means"])}
        if all(len(ours & theirs) * 2 < len(ours) for theirs in known):
            apart[row["typed"]] = row["means"]
    assert compared >= 40
    assert apart == HOMONYMS
