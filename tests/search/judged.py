"""The judged queries: how well search answers them, in one way of looking for words or another.

`python -m benchmarks.search_quality` prints the table of docs/performance.md.

Precision at 5: how many of the first five results answer the query; recall at 20: how much of what answers it is among
the first twenty. Where fewer than five, or twenty, answer it, these are all that can be asked for.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from unittest.mock import patch

FOLDER = Path(__file__).parent
TOLD_OF = 6
"""Regions of which each text is told."""


@dataclass(frozen=True)
class Story:
    subject: str
    text: int  # which of the subject's texts, from 1
    region: str
    person: str
    title: str
    body: str


@dataclass(frozen=True)
class Judged:
    kind: str
    query: str
    answers: frozenset[int]  # positions in stories()


@cache
def stories() -> list[Story]:
    material = tomllib.loads((FOLDER / "stories.toml").read_text("utf-8"))
    chance, told, counts = Random(6), [], dict[str, int]()
    for number, text in enumerate(material["texts"]):
        counts[text["subject"]] = counts.get(text["subject"], 0) + 1
        for turn in range(TOLD_OF):
            region = material["regions"][(number * 5 + turn * 4) % len(material["regions"])]
            person = material["people"][(number * 7 + turn * 5) % len(material["people"])]
            filled = {
                "region": region,
                "name": person,
                "street": chance.choice(material["streets"]),
                "number": chance.randint(3, 90),
            }
            ending = " ".join(chance.sample(material["closings"], 2))
            told.append(
                Story(
                    text["subject"],
                    counts[text["subject"]],
                    region,
                    person,
                    text["title"].format(**filled),
                    f"{text['body'].format(**filled)} {ending}",
                )
            )
    return told


@cache
def queries() -> list[Judged]:
    material = tomllib.loads((FOLDER / "queries.toml").read_text("utf-8"))
    return [
        Judged(kind, query, frozenset(number for number, story in enumerate(stories()) if _answers(story, judgement)))
        for kind, judged in material.items()
        for query, judgement in judged
    ]


def _answers(story: Story, judgement: str) -> bool:
    rest, _, without = judgement.partition("tanpa:")
    rest, _, person = rest.partition("nama:")
    subjects, _, region = rest.partition("daerah:")
    told = [part.strip() for part in subjects.split("+") if part.strip()]
    return (
        (not told or any(_is(story, part) for part in told))
        and (not region.strip() or story.region == region.strip())
        and (not person.strip() or story.person == person.strip())
        and not (without and _is(story, without.strip()))
    )


def _is(story: Story, part: str) -> bool:
    subject, _, texts = part.partition(".")
    return story.subject == subject and (not texts or str(story.text) in texts.split(","))


def fill() -> dict[int, int]:
    """Store all stories, live, in a network of their regions; article's id → position in stories()."""
    from django.utils import timezone

    from news.content.slugs import slug_for
    from news.demo import builders
    from news.models import Status
    from news.publishing import workflow

    network = builders.make_network()
    province = builders.make_region("provinsi", network, short_name="Provinsi")
    regions = {
        name: builders.make_region(slug_for(name).replace("-", ""), province, short_name=name)
        for name in sorted({story.region for story in stories()})
    }
    writer = builders.make_author("Redaksi Uji", network)
    placed, now = {}, timezone.now()
    for number, story in enumerate(stories()):
        region = regions[story.region]
        article = builders.make_article(
            region,
            title=story.title,
            body=f"<p>{story.body}</p>",
            section=builders.make_section("Ragam"),
            writers=[writer],
        )
        workflow.import_as(article, status=Status.APPROVED, published_at=now - timedelta(hours=1 + number * 7))
        placed[article.pk] = number
    return placed


@dataclass(frozen=True)
class Mark:
    precision: float  # at 5
    recall: float  # at 20


def mark(found: Iterable[int], answers: frozenset[int]) -> Mark:
    found = list(found)
    hits = [number in answers for number in found]
    return Mark(sum(hits[:5]) / min(5, len(answers)), sum(hits[:20]) / min(20, len(answers)))


def measure(placed: dict[int, int]) -> dict[str, dict[str, Mark]]:
    """Way of looking → kind of query ("all": every query) → its mean mark. Writes the documents anew for each way."""
    from news.search import documents, engine
    from regions.models import Region

    network, table = Region.objects.get(parent=None), {}
    for way in WAYS:
        with looking(way):
            documents.refresh(placed)
            marks = [
                (judged, mark([placed[pk] for pk in engine.search(network, judged.query).ids], judged.answers))
                for judged in queries()
            ]
        kinds = {judged.kind for judged in queries()}
        table[way] = {kind: _mean(each for judged, each in marks if judged.kind == kind) for kind in sorted(kinds)}
        table[way]["all"] = _mean(each for _judged, each in marks)
    return table


def _mean(marks: Iterable[Mark]) -> Mark:
    marks = list(marks)
    return Mark(sum(each.precision for each in marks) / len(marks), sum(each.recall for each in marks) / len(marks))


WAYS = ("exact words", "stems", "Pekon")


@contextmanager
def looking(way: str) -> Iterator[None]:
    """Search as it is, or a simpler one: words as they stand, or every word by PySastrawi's stem."""
    from news.search import documents, engine, queries, synonyms, words

    bare = synonyms.Synonyms(uses_stems=False)
    with ExitStack() as changes:
        if way != "Pekon":
            changes.enter_context(patch.object(synonyms, "current", lambda: bare))
            changes.enter_context(patch.object(engine, "_correction", lambda *args: None))
        if way == "stems":
            for module in (documents, queries):
                stemmed = partial(_stemmed, words.words, words.stem)
                changes.enter_context(patch.object(module, "words", stemmed))
        yield


def _stemmed(split: Callable[[str], list[str]], stem: Callable[[str], str], text: str) -> list[str]:
    return [stem(word) for word in split(text)]
