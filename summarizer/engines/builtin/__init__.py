"""The built-in engine: findings by rules, without a language model."""
