"""The built-in engine: findings by rules, without a language model."""

from summarizer.engines.builtin.engine import BuiltinEngine

__all__ = ["BuiltinEngine"]
