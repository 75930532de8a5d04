"""Compare estimates with the cost of recorded briefs.

    python benchmarks/estimate.py

For each cassette, the table has calls, prompt tokens and completion tokens as the server counted them. The likely
figures of `Summarizer.estimate` are divided by these. For "unseen", the rule for the length of replies is fitted to the
other articles (least squares of relative errors). The rule for requests about a whole article was fitted to the
recording of the debate, the only one with such requests. The last line has the constants fitted to all recordings.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from pathlib import Path
from typing import Any

from vcr.serialize import deserialize

from summarizer import Estimate, Summarizer
from summarizer import estimate as rules
from summarizer.article import Article, read
from summarizer.engines import count_tokens, line_tokens, split_into_chunks
from summarizer.testing import CallbackModel, serializer

ROOT = Path(__file__).parent.parent
SEEDS, NEWSDESK = ROOT / "seeds", ROOT / "examples" / "newsdesk"
RECORDED = {ROOT / "cassettes" / f"{seed.stem}.yaml": [seed] for seed in sorted(SEEDS.glob("*.txt"))} | {
    NEWSDESK / "tests" / "cassettes" / "test_recorded" / "digest.yaml": sorted((NEWSDESK / "articles").glob("*.txt")),
    NEWSDESK / "tests" / "cassettes" / "test_recorded" / "ferry.yaml": [NEWSDESK / "articles" / "ferry.txt"],
}

_LINE = re.compile(r"^\[(\d+)\]", re.MULTILINE)  # chunks are sent at once, so that their order is not fixed


@dataclass(frozen=True)
class Sample:
    """One chunk's size, and the tokens of the first reply about it."""

    root: float
    """The geometric mean of its tokens and its sentences."""
    reply: int


def interactions(cassette: Path) -> list[tuple[str, dict[str, int], str]]:
    """Return the prompt of each request, the server's token counts, and the reply."""
    requests, responses = deserialize(cassette.read_text(encoding="utf-8"), serializer)
    answers = [json.loads(response["body"]["string"]) for response in responses]
    return [
        (_prompt_of(json.loads(request.body)), answer["usage"], answer["choices"][0]["message"]["content"])
        for request, answer in zip(requests, answers, strict=True)
    ]


def _prompt_of(body: Any) -> str:
    if any(message["role"] == "assistant" for message in body["messages"]):
        return "repair"
    name = str(body["response_format"]["json_schema"]["name"])
    return {"extraction": "extract"}.get(name, name)


def first_replies(cassette: Path) -> list[tuple[int, int]]:
    """Return the first sentence of each request about a chunk that is no repair, and the tokens of its reply."""
    requests, _ = deserialize(cassette.read_text(encoding="utf-8"), serializer)
    bodies = [json.loads(request.body) for request in requests]
    return [
        (int(_LINE.findall(body["messages"][-1]["content"])[0]), usage["completion_tokens"])
        for body, (kind, usage, _) in zip(bodies, interactions(cassette), strict=True)
        if kind == "extract"
    ]


def samples() -> dict[Path, list[Sample]]:
    """Return the samples of each article, in the order of the recording."""
    made: dict[Path, list[Sample]] = {}
    for cassette, articles in RECORDED.items():
        first = iter(first_replies(cassette))
        for article in articles:
            chunks = split_into_chunks(read(Article.from_file(article)))
            lengths = [length for _, length in sorted(islice(first, len(chunks)))]
            made[article] = [
                Sample(sqrt(sum(map(line_tokens, chunk.lines)) * len(chunk.sentences)), length)
                for chunk, length in zip(chunks, lengths, strict=True)
            ]
    return made


def fit(found: Iterable[Sample]) -> tuple[float, float]:
    """Fit the constants of the rule by least squares of relative errors."""
    rows = [(1 / each.reply, each.root / each.reply) for each in found]
    aa, ab, bb = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    a, b = (sum(row[i] for row in rows) for i in (0, 1))
    return (a * bb - b * ab) / (aa * bb - ab**2), (aa * b - ab * a) / (aa * bb - ab**2)


def estimate(articles: Sequence[Path], constants: tuple[float, float]) -> Estimate:
    """Return the estimate for all articles, by the rule with these constants."""
    rules.REPLY_BASE, rules.REPLY_FACTOR = constants  # type: ignore[misc,assignment]
    with Summarizer(model=CallbackModel(lambda _: "")) as summarizer:
        return sum((summarizer.estimate(article) for article in articles), Estimate())


def main() -> None:
    """Print the table."""
    own = rules.REPLY_BASE, rules.REPLY_FACTOR
    known = samples()
    print(f"{'':24}{'recorded':^27}{'likely, as a part':^18}{'unseen':>8}{'low – at most':>18}")
    print(f"{'':24}{'calls':>7}{'prompt':>10}{'reply':>10}{'prompt':>9}{'reply':>9}{'reply':>8}{'of all tokens':>18}")
    counted, together = [0, 0], Estimate()
    for cassette, articles in RECORDED.items():
        usages = [usage for _, usage, _ in interactions(cassette)]
        prompt, reply = (sum(usage[name] for usage in usages) for name in ("prompt_tokens", "completion_tokens"))
        total = estimate(articles, own)
        others = fit(each for path, found in known.items() if path not in articles for each in found)
        unseen = estimate(articles, others)
        low, most = ((cost.prompt + cost.completion) / (prompt + reply) for cost in (total.low, total.at_most))
        print(
            f"{cassette.stem:24}{len(usages):7}{prompt:10,}{reply:10,}{total.likely.prompt / prompt:9.2f}"
            f"{total.likely.completion / reply:9.2f}{unseen.likely.completion / reply:8.2f}{low:10.2f} – {most:5.2f}"
        )
        counted, together = [counted[0] + prompt, counted[1] + reply], together + total
    likely = together.likely.prompt / counted[0], together.likely.completion / counted[1]
    print(f"{'together, one estimate':31}{counted[0]:10,}{counted[1]:10,}{likely[0]:9.2f}{likely[1]:9.2f}")
    written = [(usage["completion_tokens"], said) for path in RECORDED for _, usage, said in interactions(path)]
    server, ruler, compact = (
        sum(each)
        for each in zip(
            *((n, count_tokens(_text(said)), count_tokens(_compact(said))) for n, said in written), strict=True
        )
    )
    print(
        f"replies by o200k_base: {ruler / server:.2f} of the server's count unchanged, "
        f"{compact / server:.2f} without white space"
    )
    fixed, per_root = fit(each for found in known.values() for each in found)
    print(f"the rule: {own[0]} + {own[1]} a root; fitted to all: {fixed:.0f} + {per_root:.2f}")


def _text(said: object) -> str:
    """Return the text of a reply; a cassette may hold a JSON reply as a value."""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _compact(said: object) -> str:
    return json.dumps(json.loads(_text(said)), ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
