"""Measure how the cost of one article grows with its length: requests, tokens, CPU seconds and memory.

    python benchmarks/length.py [--one-speaker] [TOKENS …]

Generated articles of TOKENS tokens (default 10,000, 100,000 and 1,000,000) consist of speeches, each by another speaker
or all by one. The chunks have 6,000 tokens. A fake model replies at once with two positions for each speech, a holder
for each speaker, issues and a question. All chunks share an issue. Each line of the table is a separate process. It
shows the CPU seconds without the model, and the peak memory. The cost is linear if the columns for 1,000 tokens are
constant.
"""

import json
import re
import resource
import subprocess
import sys
import time

FIRST_NAMES = "Anna Tomas Ines Bjorn Carla Dmitri Elena Farid Greta Hugo".split()
SURNAMES = "Berg Lind Moreau Novak Okafor Petrov Quist Rossi Stone Tanaka".split()
SPEECH = (
    "{name}, a member for ward {n}, rose at {hour} o’clock. “The bridge over the river Merle must go,” the member "
    "said, “for it has cost us {n} thousand crowns a year.” The clerk noted that the plans of ward {n} were not there. "
    "Nobody knew how long the repair would take, and the rain went on. {name} told the house that a ferry would do."
)
_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_SPEAKER = re.compile(r"^([A-Z]\w+ [A-Z]\w+)(?:, a member|,? told)")
_SAKES = (
    "harbour market mill school station quay tower bakery church garden cinema library meadow orchard stable theatre"
).split()
_ISSUES = 8
_ISSUE_LINE = re.compile(r"^(I\d+) \(\w+\) ", re.MULTILINE)
_GIST_LINE = re.compile(r"^(G\d+): (.*)$", re.MULTILINE)


def article(tokens: int, *, one_speaker: bool) -> str:
    """Generate a report of about the given number of tokens: 100 tokens a speech."""
    numbers = range(tokens // 100)
    speeches = (SPEECH.format(name=_name(0 if one_speaker else n), n=n + 2, hour=n % 12 + 1) for n in numbers)
    return "A long debate about a bridge\n\n" + "\n\n".join(speeches)


def _name(n: int) -> str:
    """Return a unique name of realistic length."""
    ward = "".join("bdfgklmnprstvz"[n // 500 // 14**place % 14] + "aeiou"[n // 100 % 5] for place in range(3))
    return f"{FIRST_NAMES[n % 10]} {SURNAMES[n // 10 % 10]}{ward}"


def reply(shown: str) -> dict[str, object]:
    """Return two positions on each speech of a chunk, some issues and a question."""
    lines = dict(_NUMBERED.findall(shown))
    extraction: dict[str, list[dict[str, object]]] = {
        "holders": [],
        "issues": [],
        "positions": [],
        "open_questions": [],
    }
    first = min(map(int, lines))
    for n in range(_ISSUES):  # all chunks share the first issue
        part = first if n else 0
        words = f"The bridge should go in year {n}, says part {part}."
        extraction["issues"].append({"id": f"I{n}", "proposition": words, "kind": "policy"})
    ids: dict[str, str] = {}
    for number, line in lines.items():
        if not (found := _SPEAKER.search(line)):
            continue
        name = found[1]
        if name not in ids:
            ids[name] = f"H{len(ids)}"
            holder = {"id": ids[name], "name": name, "kind": "person", "role": None, "affiliation": None}
            extraction["holders"].append(holder)
        for n, statement in enumerate(("The bridge must go", "A ferry would do")):
            extraction["positions"].append(
                {
                    "sentences": [int(number)], "holders": [ids[name]], "reported_by": None,
                    "statement": f"{statement} for the sake of {_sakes(int(number))}.",
                    "issue": f"I{n}", "stance": "agrees", "certainty": "asserted",
                }
            )  # fmt: skip
    extraction["open_questions"].append(
        {"sentences": [first], "question": f"Who pays, asks part {first}?", "origin": "implied", "raised_by": []}
    )
    return extraction | {"gist": {"sentences": [first], "text": "The house argues over a bridge."}}


def merge_nothing(prompt: str) -> dict[str, object]:
    """Return a grouping in which every issue is a group."""
    issues = [{"keep": name, "same": [], "opposite": []} for name in _ISSUE_LINE.findall(prompt)]
    return {"issues": issues, "positions": [], "open_questions": []}


def first_gist(prompt: str) -> dict[str, object]:
    """Return the first gist as the gist of the whole."""
    gists = _GIST_LINE.findall(prompt)
    return {"text": gists[0][1], "rests_on": [name for name, _ in gists]}


def _sakes(number: int) -> str:
    """Return three things, a unique combination for each of 4,096 numbers."""
    return " and ".join(f"the {_SAKES[number // 16**place % 16]}" for place in range(3))


def measure(tokens: int, *, one_speaker: bool) -> dict[str, float]:
    """Return the cost of the brief of one article."""
    from summarizer import Summarizer
    from summarizer.engines import count_tokens
    from summarizer.models import Reply, Request
    from summarizer.testing import CallbackModel
    from summarizer.usage import Usage

    answering = 0.0

    def answer(request: Request) -> Reply:
        nonlocal answering
        began = time.process_time()
        last = request.messages[-1].content
        if request.schema_name == "group":
            text = json.dumps(merge_nothing(last))
        elif request.schema_name == "gist":
            text = json.dumps(first_gist(last))
        else:
            text = json.dumps(reply(last[last.rindex("<article-") :]))
        usage = Usage(sum(count_tokens(message.content) for message in request.messages), 0, count_tokens(text))
        answering += time.process_time() - began
        return Reply(text, usage=usage)

    text = article(tokens, one_speaker=one_speaker)
    started = time.process_time()
    with Summarizer(model=CallbackModel(answer)) as summarizer:
        provenance = summarizer.summarize(text).provenance
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {
        "tokens": count_tokens(text),
        "calls": provenance.calls,
        "prompt": provenance.usage.prompt,
        "seconds": time.process_time() - started - answering,
        "megabytes": most,
    }


def main() -> None:
    """Print the table, or run one of its processes."""
    one_speaker = "--one-speaker" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--one-speaker"]
    if arguments[:1] == ["measure"]:
        return print(json.dumps(measure(int(arguments[1]), one_speaker=one_speaker)))
    print(f"{'':47}   for 1,000 tokens:")
    print("".join(f"{head:>10}" for head in "tokens calls sent seconds MB calls sent ms kB".split()))
    for tokens in map(int, arguments or (10_000, 100_000, 1_000_000)):
        got = json.loads(
            subprocess.run(
                [sys.executable, __file__, "measure", str(tokens), *["--one-speaker"] * one_speaker],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
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
