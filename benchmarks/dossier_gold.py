"""Measure how well the holders of a dispute's articles are linked to actors: B³ against the gold.

    python benchmarks/dossier_gold.py FOLDER [FOLDER …] [--errors]

FOLDER has the articles of a dispute (001.md, 002.md, …) and gold.yaml. Two rows are printed for each:

    builtin  briefs of the built-in engine. A holder counts if the gold has its name among the forms of an actor. Where
             two actors have the form, the one whose quotation the brief cites counts, or the one who speaks in the
             article. Holders that the gold does not have, such as a misread name, are counted apart.
    forms    briefs that a perfect engine would make, with the fullest form of each name in its article, and its role.

--errors lists what is joined wrongly (+) and what is left apart (-).
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gold_briefs import gold_briefs, load_articles, load_gold

from summarizer import Article, Brief, Dossier, summarize
from summarizer.evaluation import b_cubed
from summarizer.store import Store

Item = tuple[str, str]
"""The number of an article and the id of a holder in its brief."""


def plain(name: str) -> str:
    """Return a name in lower case, with straight apostrophes and without "the"."""
    return name.lower().replace("’", "'").removeprefix("the ")


def true_actors(number: str, brief: Brief, gold: Mapping[str, Any]) -> Iterator[tuple[Item, str]]:
    """Yield the holders of a brief whose names the gold has, with their actors."""
    here = [position for position in gold["positions"] if str(position["article"]) == number]
    speaking = {each["actor"] for each in here} | {each.get("reported_by") for each in here}
    for holder in brief.holders:
        forms = {plain(form) for form in (holder.name, *holder.aliases) if form}
        meant = [actor["id"] for actor in gold["actors"] if forms.intersection(map(plain, actor["forms"]))]
        cited = [item.quote for each in brief.positions if holder.id in each.holders for item in each.evidence]
        quoted = {each["actor"] for each in here if any(_overlap(each["quote"], quote) for quote in cited)}
        for among in (quoted, speaking):
            if len(meant) > 1:
                meant = [actor for actor in meant if actor in among] or meant
        if len(meant) == 1:
            yield (number, holder.id), meant[0]


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one or one[:40] in other or one[-40:] in other


def actors_of_gold_briefs(briefs: Mapping[str, Brief], gold: Mapping[str, Any]) -> dict[Item, str]:
    """Return the actors of the holders of `gold_briefs`, which are in the order in which positions name them."""
    found = {}
    for number in briefs:
        here = [position for position in gold["positions"] if str(position["article"]) == number]
        named = [*(each["actor"] for each in here), *(each.get("reported_by") for each in here)]
        for place, actor in enumerate(dict.fromkeys(filter(None, named)), 1):
            found[number, f"H{place}"] = actor
    return found


def link(briefs: Mapping[str, Brief], articles: Mapping[str, Article]) -> dict[Item, str]:
    """Return the actor of each holder in a dossier of the briefs."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "briefs.db")) as store:
        numbers = {}
        for number, brief in briefs.items():
            store.add(brief, articles[number])
            numbers[store.database.query("SELECT max(id) FROM briefs")[0][0]] = number
        Dossier.from_store(store)
        rows = store.database.query("SELECT brief, key, actor FROM holders")
        return {(numbers[row["brief"]], row["key"]): row["actor"] for row in rows}


def measure(name: str, found: Mapping[Item, str], gold: Mapping[Item, str]) -> None:
    """Print a row of the table."""
    score = b_cubed(found, gold)
    counted = f"{score.items} holders, {len(found) - score.items} others"
    print(f"  {name:8} B³ P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}  {counted}")


def print_errors(found: Mapping[Item, str], gold: Mapping[Item, str], briefs: Mapping[str, Brief]) -> None:
    """Print what is joined wrongly, and what is left apart."""
    names = {(number, holder.id): holder.name for number, brief in briefs.items() for holder in brief.holders}
    clusters: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item, actor in gold.items():
        clusters[found[item]][actor] += 1
    main = {}
    for actor in set(gold.values()):
        main[actor] = max(clusters, key=lambda cluster: clusters[cluster][actor])
    for item, actor in sorted(gold.items()):
        cluster = found[item]
        if clusters[cluster].most_common(1)[0][0] != actor:
            print(f"    + {item[0]} {names[item]!r} ({actor}) is in {cluster}")
        elif cluster != main[actor]:
            print(f"    - {item[0]} {names[item]!r} ({actor}) is {cluster}, apart from {main[actor]}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the scores of each dispute."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--errors", action="store_true", help="list errors")
    options = parser.parse_args(arguments)
    for folder in options.folders:
        gold, articles = load_gold(folder), load_articles(folder)
        print(folder.name)
        built = {number: summarize(article, model="builtin") for number, article in articles.items()}
        true = dict(pair for number, brief in built.items() for pair in true_actors(number, brief, gold))
        perfect = dict(zip(articles, gold_briefs(folder, forms=True), strict=True))
        for name, briefs, actors in (
            ("builtin", built, true),
            ("forms", perfect, actors_of_gold_briefs(perfect, gold)),
        ):
            found = link(briefs, articles)
            measure(name, found, actors)
            if options.errors:
                print_errors(found, actors, briefs)


if __name__ == "__main__":
    main()
