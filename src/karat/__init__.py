"""Karat labels data of every kind together and measures how good each label is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karat.sdk import Client, Job, KaratError, Project

__all__ = ["Client", "Job", "KaratError", "Project"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The client's names, imported when first asked for: `import karat.quality` needs no HTTP."""
    if name in __all__:
        from karat import sdk

        return getattr(sdk, name)
    raise AttributeError(f"module 'karat' has no attribute {name!r}")
