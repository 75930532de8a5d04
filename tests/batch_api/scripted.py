"""Invented articles, and the chat completions of a scripted model about them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from summarizer.models import Message, Request
from summarizer.testing import replies_for

PLACES = "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Juniper Larch Maple Oak Pine Rowan Spruce Willow".split()
SPEAKERS = ("Anna Berg", "Tomas Lind", "Ines Moreau", "Karel Novak")


def article(number: int) -> str:
    """Return a short article; each number gives another one."""
    place, speaker = f"{PLACES[number % len(PLACES)]} {number}", SPEAKERS[number % len(SPEAKERS)]
    return (
        f"Council argues about bridge {place}\n\n"
        f"“Bridge {place} is unsafe,” {speaker} said on Monday. Petra Vogel said that the town would repair it.\n\n"
        "Who will pay for the detour remains unclear.\n"
    )


def long_article(number: int, paragraphs: int = 60) -> str:
    """Return an article that takes several requests in a small context, and others to merge them."""
    names = [f"{PLACES[n % len(PLACES)]} {n}" for n in range(paragraphs)]
    said = [f"“Pier {name} is unsafe,” Anna Berg said. Nobody from the town answered." for name in names]
    return f"Council argues about the piers of bridge {number}\n\n" + "\n\n".join(said)


def completions_for(
    *articles: str, is_faulty: Callable[[str], bool] = lambda _: False
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from the body of a request to its chat completion, the same for the same body.

    Args:
        articles: what requests are about.
        is_faulty: whether the first reply to this prompt has a wrong figure, which takes a request to repair.
    """
    answer = replies_for(*articles)

    def complete(body: Mapping[str, Any]) -> dict[str, Any]:
        request = request_of(body)
        reply = answer(request)
        data = dict(reply) if isinstance(reply, Mapping) else reply.model_dump(mode="json")
        is_first = all(message.role != "assistant" for message in request.messages)
        if is_first and data.get("positions") and is_faulty(request.messages[-1].content):
            wrong = data["positions"][0] | {"statement": "The bridge cost 17 trillion."}
            data["positions"] = [wrong, *data["positions"][1:]]
        return completion(json.dumps(data, ensure_ascii=False), body)

    return complete


def request_of(body: Mapping[str, Any]) -> Request:
    """Return the library's request that has this body."""
    messages = tuple(Message(message["role"], message["content"]) for message in body["messages"])
    form = body.get("response_format", {}).get("json_schema", {})
    return Request(messages, form.get("name", "extraction"), form.get("schema", {}))


def completion(text: str, body: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a chat completion with a text; ``changes`` replace keys of its choice."""
    tokens = {"prompt_tokens": len(json.dumps(body["messages"])) // 4, "completion_tokens": len(text) // 4}
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": f"{body['model']}-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None} | changes],
        "usage": tokens | {"total_tokens": sum(tokens.values())},
    }
