"""Measure what the check of statements by a model (``verify``) costs.

    python benchmarks/verification.py

The extraction is played from the recordings. The verdicts are made up: every statement is right, or one in twenty is
faulty and is reworded. For each article, the table has the statements, and the tokens of the check as a part of those
of the extraction. A last column counts a token received as four tokens sent, as prices do.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from vcr.serialize import deserialize

from summarizer import Request, Summarizer
from summarizer.engines import count_tokens
from summarizer.testing import CallbackModel, serializer

ROOT = Path(__file__).parent.parent
FAULTY = 20
"""One statement of so many is faulty."""
_STATEMENT = re.compile(r"^(\d+) (.*) \[\d+(?:,\d+)*\]", re.MULTILINE)


def recorded_replies(cassette: Path) -> dict[str, str]:
    """Return the replies of a recording by the last message of their requests."""
    requests, responses = deserialize(cassette.read_text(encoding="utf-8"), serializer)
    bodies = [json.loads(request.body) for request in requests]
    answers = [json.loads(response["body"]["string"]) for response in responses]
    return {
        body["messages"][-1]["content"]: answer["choices"][0]["message"]["content"]
        for body, answer in zip(bodies, answers, strict=True)
    }


def measure(
    article: Path, replies: dict[str, str], *, with_faults: bool
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return the tokens sent and received by kind of request, and the number of statements."""
    sent, received, statements_of = Counter[str](), Counter[str](), Counter[str]()

    def answer(request: Request) -> str:
        kind, text = request.schema_name, request.messages[-1].content
        statements = {int(number): said for number, said in _STATEMENT.findall(text.partition("\n<article-")[0])}
        reply: Any = replies.get(text)
        if kind == "support":
            is_first = sent["reword"] == 0
            faulty = [number for number in statements if with_faults and is_first and number % FAULTY == 1]
            wrong = {"support": "partly", "holder": True, "stance": True, "reason": "The sentence says that it may."}
            reply = {
                "right": sorted(statements.keys() - set(faulty)),
                "wrong": [{"id": number} | wrong for number in faulty],
            }
        elif kind == "reword":
            reply = {
                "statements": [{"id": n, "statement": said, "stance": "unclear"} for n, said in statements.items()]
            }
        elif kind == "extraction":
            statements_of["statements"] += len(json.loads(reply)["positions"])
        written = reply if isinstance(reply, str) else json.dumps(reply, separators=(",", ":"), ensure_ascii=False)
        sent[kind] += sum(count_tokens(message.content) for message in request.messages)
        received[kind] += count_tokens(written)
        return written

    with Summarizer(model=CallbackModel(answer), verify=True, chunk_concurrency=1, repairs=0) as summarizer:
        summarizer.summarize(article)
    return sent, received, statements_of


def main() -> None:
    """Print the table."""
    print(f"{'':22}{'statements':>12}{'tokens':>9}{'1 in 20 faulty':>16}{'at 1 : 4':>10}")
    total: Counter[str] = Counter()
    for article in sorted((ROOT / "seeds").glob("*.txt")):
        replies = recorded_replies(ROOT / "cassettes" / f"{article.stem}.yaml")
        sent, received, statements = measure(article, replies, with_faults=False)
        more_sent, more_received, _ = measure(article, replies, with_faults=True)
        extraction = [sent["extraction"], received["extraction"]]
        check = [sent["support"], received["support"]]
        faulty = [counts["support"] + counts["reword"] for counts in (more_sent, more_received)]
        row = statements + Counter(
            extraction=sum(extraction),
            check=sum(check),
            faulty=sum(faulty),
            price=extraction[0] + 4 * extraction[1],
            check_price=check[0] + 4 * check[1],
        )
        total += row
        print(_line(article.stem, row))
    print(_line("together", total))


def _line(name: str, row: Counter[str]) -> str:
    shares = (row["check"] / row["extraction"], row["faulty"] / row["extraction"], row["check_price"] / row["price"])
    return f"{name:22}{row['statements']:12}{shares[0]:9.0%}{shares[1]:16.0%}{shares[2]:10.0%}"


if __name__ == "__main__":
    main()
