"""Names of what a project brings itself and its schema names: vocabularies, lists of words."""


def is_name(given: str) -> bool:
    """Whether a vocabulary or a list of words may have this name."""
    return 0 < len(given) <= 64 and all(c in "abcdefghijklmnopqrstuvwxyz0123456789_-" for c in given)
