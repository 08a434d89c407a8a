"""The demonstration's stories, shared, moderated, answered and judged by the site's own actions.

Owns who does what; refuses any door of its own, but for the moments: all is done now, then dated
back (`story_backdating`). No mail tells of the past.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.models import OutgoingMail
from guichet.directory.models import Structure
from guichet.experiences.answering.actions import PromiseWish, keep_promise, publish_reply
from guichet.experiences.answering.reviewing import review
from guichet.experiences.following.actions import Change, answer_promise, judge_reply, say_solved
from guichet.experiences.following.asking import ask_about
from guichet.experiences.models import Addressee, Author, Entry, Experience, Promise, Reply
from guichet.experiences.sharing import actions as sharing
from guichet.experiences.sharing.story import BY_CODE, ChosenService, service_of
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.kinds import Kind
from guichet.moderation.models import Alert, ModeratedText, OriginalText
from guichet.moderation.queue import actions as moderation
from guichet.moderation.queue.actions.marking import Place, judge_marks
from guichet.moderation.redaction import MarkState, Origin, read_marks
from guichet.web.demo.people import ANSWERED, MANAGED
from guichet.web.demo.story_backdating import date_back
from guichet.web.demo.story_dates import Fate, Timeline, timelines
from guichet.web.demo.story_files import WrittenPromise, WrittenStory, written_stories
from guichet.web.demo.story_places import Places
from guichet.web.demo.story_sequels import make_sequels

CITIZEN = "usager@demo.example"
"""Who wrote the stories that have just moved: the mail of the demonstration shows their letters."""

MODERATOR, SECOND_MODERATOR = "moderation@demo.example", "admin@demo.example"
RESPONDERS = {MANAGED: "reponse.lille@demo.example", ANSWERED: "fs.roubaix@demo.example"}
LEADS = {"caf": "reseau.caf@demo.example"}
PROGRAMME = "admin@demo.example"
MAILED_SINCE = timedelta(days=7)
TOLD_AT_THE_COUNTER = 4
STEP_TOLD = 50
CHANGES = {"yes": Change.YES, "no": Change.NO}
DONE_WORDS = (
    "En place depuis ce matin, et affiché à l'accueil",
    "Les équipes l'appliquent depuis lundi",
    "Nous referons le point dans six mois",
)
DANGER_SETTLED = "Numéro national rappelé à l'auteur, service prévenu le jour même"
HELPLINE = "3114, numéro national de prévention du suicide (gratuit, jour et nuit)"


@dataclass(frozen=True)
class Told:
    """A story in the platform; `line` is when each thing happened to it."""

    written: WrittenStory
    line: Timeline
    experience: Experience
    text: ModeratedText
    author: Author


@dataclass(frozen=True)
class Cast:
    """The people of the demonstration, by address."""

    people: Mapping[str, User]

    def responder(self, structure: Structure | None) -> User:
        """The agent of the very site, the lead of the network, else the programme."""
        address = PROGRAMME
        if structure is not None:
            network = structure.network.code if structure.network else ""
            address = RESPONDERS.get(structure.code) or LEADS.get(network, PROGRAMME)
        return self.people.get(address) or self.people[PROGRAMME]


def make_stories(progress: Callable[[str], object] = str) -> str:
    """Nothing where fictional stories were told already; all of them or none. `progress` is told
    of each fifty."""
    if Experience.objects.filter(is_fictional=True).exists():
        return "déjà racontés"
    stories = written_stories()
    lines = timelines(stories, timezone.localtime())
    places = Places(kind for story in stories for kind in story.kinds)
    people = User.objects.filter(email__endswith="@demo.example")
    with transaction.atomic():
        cast = Cast({one.email: one for one in people})
        date_back(tell_all(stories, lines, places, cast, progress))
        make_sequels(places.by_code, cast.people)
    return summary()


def tell_all(
    stories: Sequence[WrittenStory],
    lines: Mapping[str, Timeline],
    places: Places,
    cast: Cast,
    progress: Callable[[str], object],
) -> list[tuple[int, int, Timeline]]:
    """Oldest first, as they would have come; the keys of each story and of its text, with its
    moments."""
    mailed, counters = stories_to_mail(stories, lines), at_the_counter(stories)
    since = timezone.now() - MAILED_SINCE
    found = []
    for number, story in enumerate(sorted(stories, key=lambda one: lines[one.key].told_at), 1):
        line, sites = lines[story.key], places.sites_of(story.key, story.kinds)
        told = told_story(story, line, sites, cast, is_counter=story.key in counters)
        live(told, cast, reached_since=since if story.key in mailed else None)
        found.append((told.experience.pk, told.text.pk, line))
        if number % STEP_TOLD == 0:
            progress(f"{number}… ")
    return found


def summary() -> str:
    waiting = ModeratedText.objects.undecided().count()
    return (
        f"{Experience.objects.count()} récits, {Reply.objects.count()} réponses, "
        f"{Promise.objects.count()} promesses, {waiting} textes à modérer"
    )


def stories_to_mail(
    stories: Sequence[WrittenStory], lines: Mapping[str, Timeline]
) -> frozenset[str]:
    """The last answered, the last published, the last refused, and the last author who was asked
    about a promise."""

    def last(moment: Callable[[Timeline], datetime | None], *fates: Fate) -> str:
        dated = [
            (at, story.key)
            for story in stories
            if lines[story.key].fate in fates and (at := moment(lines[story.key])) is not None
        ]
        return max(dated)[1] if dated else ""

    return frozenset(
        (
            last(lambda line: line.replied_at, Fate.PUBLISHED),
            last(lambda line: line.decided_at, Fate.PUBLISHED),
            last(lambda line: line.decided_at, Fate.REFUSED),
            last(lambda line: line.asked_at, Fate.PUBLISHED),
        )
    )


def at_the_counter(stories: Sequence[WrittenStory]) -> frozenset[str]:
    """Some that a France services house wrote for the person."""
    found = [
        one.key
        for one in stories
        if one.kinds[0] == "france_services" and one.written_as == "user" and not one.expected
    ]
    return frozenset(found[:TOLD_AT_THE_COUNTER])


def told_story(
    story: WrittenStory,
    line: Timeline,
    sites: Sequence[Structure],
    cast: Cast,
    *,
    is_counter: bool,
) -> Told:
    """The draft of a person without e-mail, filled, sent, and read by the machine."""
    by = cast.responder(sites[0]) if is_counter and sites else None
    draft = sharing.begin_draft(
        services=chosen(story, sites),
        entry=Entry.COUNTER if by else Entry.SELF,
        entered_by=by,
        entered_at=sites[0] if by else None,
    )
    commune = sites[0].commune if sites else None
    sharing.keep(
        draft,
        title=story.title,
        description=story.text,
        wished=story.wished,
        pseudonym=story.pseudonym,
        feeling=story.feeling,
        **story.aspects,
        written_as=story.written_as,
        departement=commune.departement_id if commune else "",
        follow_by=BY_CODE,
    )
    experience = sharing.send_draft(draft)
    assert experience is not None
    experience.is_fictional = True
    experience.same_count = seen_by_others(story, line)
    experience.save(update_fields=["is_fictional", "same_count"])
    text = ModeratedText.objects.get(source=STORY_SOURCE, reference=str(experience.pk))
    return Told(story, line, experience, text, experience.author)


def chosen(story: WrittenStory, sites: Sequence[Structure]) -> Iterator[ChosenService]:
    """The services of a story, with how each was reached; without any site, by their names."""
    for site in sites:
        service = service_of(site)
        yield ChosenService(
            service.name, service.code, service.place, tuple(story.channels.get(site.kind_id, ()))
        )
    if not sites:
        yield ChosenService(story.kinds[0].replace("_", " ").capitalize())


def seen_by_others(story: WrittenStory, line: Timeline) -> int:
    """« J'ai vécu la même chose »: few stories gather many."""
    if line.fate is not Fate.PUBLISHED:
        return 0
    most = {"negative": 60, "neutral": 15}.get(story.feeling, 6)
    return int(most * drawn(story, "same").random() ** 3)


def drawn(story: WrittenStory, what: str) -> random.Random:
    return random.Random(f"{story.key} {what}")  # noqa: S311 (not a secret: the same at each run)


def live(told: Told, cast: Cast, *, reached_since: datetime | None) -> None:
    """What happens after the confirmation; its author is mailed what came after `reached_since`."""
    if told.line.fate is Fate.DANGER_SETTLED:
        with unmailed():
            moderation.read_text(told.text)
            settle_danger(told, cast)
        return
    with nullcontext() if told.written.is_danger else unmailed():
        moderation.read_text(told.text)
    Alert.objects.filter(text=told.text).update(raised_at=told.line.told_at)
    if told.line.fate is Fate.WAITING:
        return

    def reach(moment: datetime | None) -> None:
        if reached_since and moment and moment > reached_since and not told.author.email:
            told.author.email = CITIZEN
            told.author.save(update_fields=["email"])

    reach(told.line.decided_at)
    by = cast.people[MODERATOR]
    told.text.refresh_from_db()
    if told.text.is_danger:  # for the machine alone, which was wrong
        for email in (MODERATOR, SECOND_MODERATOR):
            moderation.dismiss_danger(text=told.text, by=cast.people[email])
    if told.line.fate is Fate.REFUSED:
        moderation.refuse(text=told.text, by=by, reason=told.written.refusal)
        return
    show_what_names_nobody(told, by)
    moderation.accept(text=told.text, by=by)
    if told.line.replied_at is not None:
        reach(told.line.replied_at)
        reply = answered(told, cast)
        judged(told, reply)
        if told.written.promise is not None:
            reach(told.line.asked_at)
            promise_lived(told, told.written.promise, reply, cast)


def show_what_names_nobody(told: Told, by: User) -> None:
    """Foreign words that the French model took for a name."""
    told.text.refresh_from_db()
    if told.text.language in ("", "fr"):
        return
    original = OriginalText.objects.get(text=told.text)
    places = [
        Place(mark.part, mark.start, mark.end)
        for mark in read_marks(original.marks)
        if mark.kind is Kind.NAME and mark.origin is Origin.MODEL
    ]
    if places:
        judge_marks(text=told.text, by=by, places=places, state=MarkState.REJECTED)


@contextmanager
def unmailed() -> Iterator[None]:
    """Letters about the past are not sent."""
    last = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield
    OutgoingMail.objects.filter(pk__gt=last).delete()


def settle_danger(told: Told, cast: Cast) -> None:
    """The machine alerted; two people lead its author to who can help now."""
    told.text.refresh_from_db()
    moderation.note_outcome(
        alert=told.text.alert, by=cast.people[MODERATOR], outcome=DANGER_SETTLED
    )
    for email in (MODERATOR, SECOND_MODERATOR):
        moderation.orient(text=told.text, by=cast.people[email], service=HELPLINE)


def answered(told: Told, cast: Cast) -> Reply:
    """The answer of the first service, with its promise, then that of the second if it is written;
    each reviewed as an agent's own is."""
    written = told.written
    first = answer_of(told, cast, 1, written.reply, written.signature, written.promise)
    if written.other_reply and told.experience.addressees.filter(rank=2).exists():
        answer_of(told, cast, 2, written.other_reply, written.other_signature, None)
    first.useful_count = int(25 * drawn(written, "useful").random() ** 3)
    first.save(update_fields=["useful_count"])
    return first


def answer_of(
    told: Told, cast: Cast, rank: int, text: str, signature: str, promise: WrittenPromise | None
) -> Reply:
    addressee = Addressee.objects.select_related("experience", "structure__network", "network").get(
        experience=told.experience, rank=rank
    )
    wish = None
    if promise is not None:
        soon = timezone.localdate() + timedelta(days=promise.by_days)
        wish = PromiseWish(what=promise.words, due_on=soon)
    by = cast.responder(addressee.structure)
    found = review(
        text,
        addressee=addressee,
        promise=wish.what if wish is not None else "",
        signature=signature,
        by=by,
    )
    return publish_reply(
        addressee=addressee,
        by=by,
        text=text,
        signature=signature,
        promise=wish,
        version=0,
        quality=found.as_json(sent_anyway=found.has_remarks),
    )


def judged(told: Told, reply: Reply) -> None:
    if told.written.useful is not None:
        judge_reply(author=told.author, reply=reply.pk, was_useful=told.written.useful)
    if told.written.solved is not None:
        say_solved(author=told.author, is_solved=told.written.solved)


def promise_lived(told: Told, written: WrittenPromise, reply: Reply, cast: Cast) -> None:
    """Its own day, then what the service and the author say of it."""
    promise = Promise.objects.select_related("reply__addressee").get(reply=reply)
    assert told.line.promised_for is not None
    promise.due_on = told.line.promised_for
    promise.save(update_fields=["due_on"])
    if told.line.done_at is not None:
        words = drawn(told.written, "done").choice(DONE_WORDS)
        keep_promise(promise=promise, by=cast.responder(reply.structure), words=words)
    if told.line.asked_at is not None:
        ask_about(promise)
    if told.line.changed_at is not None:
        answer_promise(author=told.author, promise=promise.pk, change=CHANGES[written.kept])
