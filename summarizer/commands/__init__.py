"""The commands that are more than a call: each a file, its options declared where they are used."""
