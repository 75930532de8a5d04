"""Sentences that look like instructions to a language model.

An injected sentence is real text and passes every check of quotations, so that it is reported rather
than cut. The patterns are kinds of wording seen in published prompt injections.
"""

import re

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|guidelines|everything above|all of the above)\b"
    r"|\b(?:system|developer) (?:prompt|message|note)\b"
    r"|\byou are (?:now )?(?:an? )?(?:AI|language model|assistant|chatbot|ChatGPT|GPT|LLM)\b"
    r"|\b(?:note|message|attention|instructions?) (?:to|for) (?:the |any |all )?"
    r"(?:AI|LLMs?|language models?|assistants?|chatbots?|summari[sz]ers?)\b"
    r"|\bas an? (?:AI|large language model|language model)\b.{0,60}\b(?:you|must|should|do not|don[’']t)\b"
    r"|\b(?:when|if) (?:you (?:are )?)?(?:summari[sz]ing|summari[sz]e|processing|analy[sz]ing) "
    r"(?:this|the) (?:article|text|document|page)\b"
    r"|\b(?:respond|reply|answer|output) (?:only )?(?:with|in) (?:the )?(?:JSON|following|words?|nothing)\b"
    r"|</?(?:system|assistant|user|instructions?)>|<\|[a-z_]+\|>|\[/?INST\]",
    re.IGNORECASE,
)


def looks_like_instruction(text: str) -> bool:
    """Whether a sentence looks as if it were meant for a language model rather than a reader."""
    return _INSTRUCTION.search(text) is not None
