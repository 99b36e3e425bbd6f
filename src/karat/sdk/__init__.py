"""The Python client: the same nouns and verbs as the REST API and the command line."""

from karat.sdk.client import Client
from karat.sdk.errors import KaratError
from karat.sdk.jobs import Job
from karat.sdk.projects import Project

__all__ = ["Client", "Job", "KaratError", "Project"]
