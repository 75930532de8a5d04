"""How the cost of one article grows with its length: requests, tokens, CPU seconds and memory.

    python benchmarks/length.py [--one-speaker] [TOKENS …]

Articles of TOKENS tokens (default 10,000, 100,000 and 1,000,000), made of invented speeches, are read in chunks of
6,000 tokens by a model that answers at once with what models answer: two positions for each speech, a holder for each
speaker, issues and open questions, of which the next chunk has some again. The speakers all differ, or are all one.
Each line is a process of its own; seconds are those of its processor, without the model's, memory is the most that it
held. Linear means that the columns for a thousand tokens stay as they are.
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
_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_SPEAKER = re.compile(r"^([A-Z]\w+ [A-Z]\w+)(?:, a member|,? told)")
_SAKES = (
    "harbour market mill school station quay tower bakery church garden cinema library meadow orchard stable theatre"
).split()
_ISSUES = 8


def article(tokens: int, *, one_speaker: bool) -> str:
    """Generate a report of about the given number of tokens: 100 tokens a speech."""
    numbers = range(tokens // 100)
    speeches = (SPEECH.format(name=_name(0 if one_speaker else n), n=n + 2, hour=n % 12 + 1) for n in numbers)
    return "A long debate about a bridge\n\n" + "\n\n".join(speeches)


def _name(n: int) -> str:
    """Return a unique name of realistic length."""
    ward = "".join("bdfgklmnprstvz"[n // 500 // 14**place % 14] + "aeiou"[n // 100 % 5] for place in range(3))
    return f"{GIVEN[n % 10]} {FAMILY[n // 10 % 10]}{ward}"


def reply(shown: str) -> dict[str, object]:
    """Two positions on each speech of a chunk, some issues and a question."""
    lines = dict(_NUMBERED.findall(shown))
    made: dict[str, list[dict[str, object]]] = {"holders": [], "issues": [], "positions": [], "open_questions": []}
    first = min(map(int, lines))
    for n in range(_ISSUES):  # the first is the next chunk's, too, in its very words
        part = first if n else 0
        words = f"The bridge should go in year {n}, says part {part}."
        made["issues"].append({"id": f"I{n}", "proposition": words, "kind": "policy"})
    ids: dict[str, str] = {}
    for number, line in lines.items():
        if not (found := _SPEAKER.search(line)):
            continue
        name = found[1]
        if name not in ids:
            ids[name] = f"H{len(ids)}"
            holder = {"id": ids[name], "name": name, "kind": "person", "role": None, "affiliation": None}
            made["holders"].append(holder)
        for n, statement in enumerate(("The bridge must go", "A ferry would do")):
            made["positions"].append(
                {
                    "sentences": [int(number)], "phrase": None, "holders": [ids[name]], "reported_by": None,
                    "statement": f"{statement} for the sake of {_sakes(int(number))}.",
                    "issue": f"I{n}", "stance": "agrees", "certainty": "asserted",
                }
            )  # fmt: skip
    made["open_questions"].append(
        {"sentences": [first], "question": f"Who pays, asks part {first}?", "origin": "implied", "raised_by": []}
    )
    return made | {"gist": {"sentences": [first], "text": "The house argues over a bridge."}}


def _sakes(number: int) -> str:
    """Three things, others for each of 4,096 numbers."""
    return " and ".join(f"the {_SAKES[number // 16**place % 16]}" for place in range(3))


def measure(tokens: int, *, one_speaker: bool) -> dict[str, float]:
    """One article of so many tokens, read."""
    from summarizer.testing.whole import first_gist, ungrouped

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
            text = ungrouped(request).model_dump_json()
        elif request.schema_name == "gist":
            text = first_gist(request).model_dump_json()
        else:
            text = json.dumps(reply(last[last.rindex("<article-") :]))
        usage = Usage(sum(count_tokens(each.content) for each in request.messages), 0, count_tokens(text))
        answering += time.process_time() - began
        return Reply(text, usage=usage)

    text = article(tokens, one_speaker=one_speaker)
    started = time.process_time()
    with Summarizer(model=CallbackModel(answer)) as summarizer:
        made = summarizer.summarize(text).provenance
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {
        "tokens": count_tokens(text),
        "calls": made.calls,
        "prompt": made.usage.prompt,
        "seconds": time.process_time() - started - answering,
        "megabytes": most,
    }


def main() -> None:
    """Print the table, or be one of its processes."""
    one_speaker = "--one-speaker" in sys.argv
    arguments = [each for each in sys.argv[1:] if each != "--one-speaker"]
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
