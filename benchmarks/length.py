"""How the cost of one article grows with its length: requests, tokens, seconds and memory.

    python benchmarks/length.py [TOKENS …]

Articles of TOKENS tokens (default 10,000, 100,000 and 1,000,000), made of invented reports whose speakers all differ,
are read in chunks of 6,000 tokens by a model that answers at once, with two positions a chunk. Each line is a process
of its own; memory is the most that it held. Linear means that the columns for a thousand tokens stay as they are.
"""

import json
import re
import resource
import subprocess
import sys
import time

GIVEN = "Anna Tomas Ines Bjorn Carla Dmitri Elena Farid Greta Hugo".split()
FAMILY = "Berg Lind Moreau Novak Okafor Petrov Quist Rossi Stone Tanaka".split()
SPEECH = (
    "{name}, a member for ward {n}, rose at {hour} o’clock. “The bridge over the river Merle must go,” the member "
    "said, “for it has cost us {n} thousand crowns a year.” The clerk noted that the plans of ward {n} were not there. "
    "Nobody knew how long the repair would take, and the rain went on. {name} told the house that a ferry would do."
)
_NUMBER = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


def article(tokens: int) -> str:
    """An invented report of about so many tokens: 100 tokens a speech."""
    speeches = (SPEECH.format(name=_name(n), n=n + 2, hour=n % 12 + 1) for n in range(tokens // 100))
    return "A long debate about a bridge\n\n" + "\n\n".join(speeches)


def _name(n: int) -> str:
    """A name that nobody else has, as far as names of bearable length go."""
    return f"{GIVEN[n % 10]} {FAMILY[n // 10 % 10]}{'aeiou'[n // 100 % 5]}{n // 500 * 'n'}"[:40]


def reply(shown: str) -> dict[str, object]:
    """Two positions on the first sentences of a chunk, and an issue that other chunks have too."""
    numbers = [int(number) for number in _NUMBER.findall(shown)]
    place = next(number for number in numbers if "must go" in _line(shown, number))
    holder = {"id": "H1", "name": None, "kind": "unnamed", "role": None, "affiliation": None}
    claim = {
        "phrase": None, "holders": ["H1"], "reported_by": None,
        "issue": "I1", "stance": "agrees", "certainty": "asserted",
    }  # fmt: skip
    statements = ("The bridge must go.", "Another pier must go too.")
    return {
        "holders": [holder],
        "issues": [{"id": "I1", "proposition": f"The bridge should go, says part {numbers[0]}.", "kind": "policy"}],
        "positions": [claim | {"sentences": [place], "statement": statement} for statement in statements],
        "open_questions": [],
        "gist": {"sentences": [place], "text": "The house argues over a bridge."},
    }


def _line(shown: str, number: int) -> str:
    start = shown.index(f"[{number}] ")
    return shown[start : shown.index("\n", start)] if "\n" in shown[start:] else shown[start:]


def measure(tokens: int) -> dict[str, float]:
    """One article of so many tokens, read."""
    from summarizer import Summarizer
    from summarizer.article.tokens import count_tokens
    from summarizer.model import Reply, Request
    from summarizer.testing import FunctionModel
    from summarizer.testing.whole import first_gist, ungrouped
    from summarizer.usage import Usage

    def answer(request: Request) -> Reply:
        last = request.messages[-1].content
        if request.schema_name == "group":
            text = ungrouped(request).model_dump_json()
        elif request.schema_name == "gist":
            text = first_gist(request).model_dump_json()
        else:
            text = json.dumps(reply(last[last.rindex("<article-") :]))
        prompt = sum(count_tokens(message.content) for message in request.messages)
        return Reply(text, usage=Usage(prompt=prompt, completion=count_tokens(text)))

    text = article(tokens)
    started = time.perf_counter()
    with Summarizer(model=FunctionModel(answer)) as summarizer:
        made = summarizer.summarize(text).provenance
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {
        "tokens": count_tokens(text),
        "calls": made.calls,
        "prompt": made.usage.prompt,
        "seconds": time.perf_counter() - started,
        "megabytes": most,
    }


def main() -> None:
    """Print the table, or be one of its processes."""
    if sys.argv[1:2] == ["measure"]:
        return print(json.dumps(measure(int(sys.argv[2]))))
    print(f"{'':47}   for 1,000 tokens:")
    print("".join(f"{head:>10}" for head in "tokens calls sent seconds MB calls sent ms kB".split()))
    for tokens in map(int, sys.argv[1:] or (10_000, 100_000, 1_000_000)):
        got = json.loads(
            subprocess.run(
                [sys.executable, __file__, "measure", str(tokens)], check=True, capture_output=True, text=True
            ).stdout
        )
        k = got["tokens"] / 1000
        whole = (
            f"{got['tokens']:10,}{got['calls']:10,}{got['prompt']:10,}{got['seconds']:10.1f}{got['megabytes']:10.0f}"
        )
        calls, sent, ms, kb = got["calls"], got["prompt"], 1000 * got["seconds"], 1000 * got["megabytes"]
        print(f"{whole}{calls / k:10.3f}{sent / k:10,.0f}{ms / k:10.1f}{kb / k:10,.0f}", flush=True)
    return None


if __name__ == "__main__":
    main()
