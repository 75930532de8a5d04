"""Briefs that a perfect engine would make, from the gold of a dispute.

    python benchmarks/gold_briefs.py FOLDER STORE [--forms]

FOLDER has the articles of a dispute (001.md, 002.md, …) and gold.yaml. The briefs hold the positions, holders, issues
and questions of the gold, so that the rules of a dossier can be measured apart from the engine that reads the articles.

By default, each holder has the same name in all briefs, and holders and issues have the gold's ids, as from a codebook.
With --forms, each holder has the fullest form of its name in the article at hand, and issues have no ids.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from summarizer import Article, Brief
from summarizer.article import Reading, read
from summarizer.brief import Coverage, Evidence, Holder, Issue, OpenQuestion, Position, Provenance
from summarizer.store import Store

Gold = dict[str, Any]


def load_gold(folder: Path) -> Gold:
    """Return the gold of a dispute."""
    gold: Gold = yaml.safe_load((folder / "gold.yaml").read_text(encoding="utf-8"))
    return gold


def load_articles(folder: Path) -> dict[str, Article]:
    """Return the articles of a dispute by their numbers: "001", "002" and so on."""
    return {path.stem: Article.from_file(path) for path in sorted(folder.glob("[0-9]*.md"))}


def gold_briefs(folder: Path, *, forms: bool = False) -> list[Brief]:
    """Return the briefs of a dispute in the order of its articles.

    Args:
        folder: The folder of the dispute.
        forms: Whether holders have the forms of the article, and issues no given ids.
    """
    gold = load_gold(folder)
    positions: defaultdict[str, list[Gold]] = defaultdict(list)
    for position in gold["positions"]:
        positions[str(position["article"])].append(position)
    questions: defaultdict[str, list[Gold]] = defaultdict(list)
    for question in gold["questions"]:
        questions[str(question["article"])].append(question)
        if answer := question.get("answer"):
            said = positions[str(answer["article"])]
            if not any(answer["quote"] in each["quote"] or each["quote"] in answer["quote"] for each in said):
                said.append(answer | {"issue": None, "stance": "unclear"})
    return [
        _brief(article, gold, positions[number], questions[number], forms=forms)
        for number, article in load_articles(folder).items()
    ]


def _brief(article: Article, gold: Gold, positions: list[Gold], questions: list[Gold], *, forms: bool) -> Brief:
    reading = read(article)
    actors = {actor["id"]: actor for actor in gold["actors"]}
    named = [*(each["actor"] for each in positions), *(each.get("reported_by") for each in positions)]
    repeated = {name for name, count in Counter(actor["name"] for actor in gold["actors"]).items() if count > 1}
    holders = {}
    for key in dict.fromkeys(filter(None, named)):
        actor, role = actors[key], _role(actors[key], (article.published or "")[:7])
        found = _forms(actor, article.text) if forms else []
        name = actor["name"] if not found else found[0]
        if not forms and name in repeated:
            name = f"{name} ({key})"
        holders[key] = Holder(
            id=f"H{len(holders) + 1}" if forms else key,
            name=name,
            kind="organisation" if actor["kind"] == "body" else actor["kind"],
            role=role.get("role"),
            affiliation=role.get("body"),
            aliases=tuple(found[1:]),
            given=not forms,
        )
    propositions = {issue["id"]: issue["proposition"] for issue in gold["issues"]}
    used = dict.fromkeys(each["issue"] for each in positions if each["issue"])
    issues = {
        key: Issue(id=f"I{number}" if forms else key, proposition=propositions[key], kind="policy", given=not forms)
        for number, key in enumerate(used, 1)
    }
    return Brief(
        article=article.info,
        issues=tuple(issues.values()),
        holders=tuple(holders.values()),
        positions=tuple(
            Position(
                id=f"P{number}",
                holders=(holders[each["actor"]].id,),
                reported_by=holders[each["reported_by"]].id if each.get("reported_by") else None,
                statement=each["quote"],
                issue=issues[each["issue"]].id if each["issue"] else None,
                stance=each["stance"] if each["issue"] else "unclear",
                evidence=tuple(_evidence(reading, each["quote"])),
            )
            for number, each in enumerate(positions, 1)
        ),
        open_questions=tuple(
            OpenQuestion(
                id=f"Q{number}",
                question=each["question"],
                origin="asked",
                evidence=tuple(_evidence(reading, each["quote"])),
            )
            for number, each in enumerate(questions, 1)
        ),
        coverage=Coverage(sentences=len(reading.sentences), chunks=1),
        provenance=Provenance(engine="model", library="0", ruler="none", seconds=0, made=datetime.now(UTC)),
    )


def _role(actor: Gold, month: str) -> Gold:
    """Return the first role that the actor has in a month, which is a string such as "2026-01"."""
    for role in actor.get("roles", []):
        if str(role.get("from") or "")[:7] <= month <= str(role.get("to") or "9999"):
            return dict(role)
    return {}


def _forms(actor: Gold, text: str) -> list[str]:
    """Return the forms of an actor in a text, names before descriptions, the fullest first."""
    found = [form for form in actor["forms"] if re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text)]
    return sorted(dict.fromkeys(found), key=lambda form: (form[0].islower() or form.startswith("The "), -len(form)))


def _evidence(reading: Reading, quote: str) -> Iterator[Evidence]:
    """Yield the sentences that a quotation of the gold touches."""
    start = reading.article.text.index(quote)
    end = start + len(quote)
    for sentence in reading.sentences:
        if any(span.start < end and start < span.end for span in sentence.spans):
            yield Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the briefs of a dispute to a store."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--forms", action="store_true", help="names as in each article, issues without ids")
    options = parser.parse_args(arguments)
    briefs = gold_briefs(options.folder, forms=options.forms)
    store = Store(options.store)
    for brief, article in zip(briefs, load_articles(options.folder).values(), strict=True):
        store.add(brief, article)
    print(f"{len(briefs)} briefs, {sum(len(brief.positions) for brief in briefs)} positions")


if __name__ == "__main__":
    main()
