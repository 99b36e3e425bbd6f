"""Panels that a project brings itself: which module is shown where, and what it may see and answer."""

import re
from collections.abc import Mapping
from typing import cast, get_args

from karat.model.field import Field, PanelSpec, Place, StreamSpec
from karat.model.problem import Problem
from karat.model.walker import Walker

MODULE = re.compile(r"[0-9a-f]{64}")
LOWEST, HIGHEST = 60, 1200


class PanelReader(Walker):
    """Makes panels of their part of the schema's document."""

    def __init__(self, streams: Mapping[str, StreamSpec], fields: Mapping[str, Field]) -> None:
        super().__init__()
        self._streams = streams
        self._fields = fields

    def read(self, given: object) -> dict[str, PanelSpec]:
        """The panels by key; what is wrong stands in `problems`."""
        entries = self.entries(given, "panels", optional=True)
        return {key: panel for key, value in entries if (panel := self._panel(key, value))}

    def _panel(self, key: str, given: object) -> PanelSpec | None:
        path = f"panels.{key}"
        value = self.mapping(given, path, {"title", "module", "streams", "fields", "place", "height"})
        if value is None or not self.key(key, path):
            return None
        if key in self._streams or key in self._fields:
            self.say(path, key, "a key that no stream and no field has", "Rename the panel.")
        module, height, place = value.get("module"), value.get("height", 240), value.get("place", "side")
        if not isinstance(module, str) or not MODULE.fullmatch(module):
            do = "Upload the file (`karat projects panel`) and write down what that gives."
            self.say(f"{path}.module", module, "the 64 letters and digits of an uploaded file", do)
        if isinstance(height, bool) or not isinstance(height, int) or not LOWEST <= height <= HIGHEST:
            self.say(f"{path}.height", height, f"{LOWEST} to {HIGHEST} pixels", "Leave it out for 240.")
        if place not in get_args(Place):
            self.say(f"{path}.place", place, "side or main", "Leave it out for the panel at the side.")
        single = {name: field for name, field in self._fields.items() if not (field.many or field.labels or field.each)}
        streams = self._names(value, "streams", path, self._streams, "a stream of this schema")
        fields = self._names(value, "fields", path, single, "a field of this schema with one answer for the whole item")
        if self.problems:
            return None
        return PanelSpec(
            key=key,
            title=self.text(value, "title", path) or key.replace("_", " ").capitalize(),
            module=cast(str, module),  # checked against MODULE just above, as are the next two
            streams=streams,
            fields=fields,
            place=cast(Place, place),
            height=cast(int, height),
        )

    def _names(
        self, value: Mapping[str, object], name: str, path: str, known: Mapping[str, object], expected: str
    ) -> tuple[str, ...]:
        given = value.get(name) or []
        if not isinstance(given, list | tuple):
            self.say(f"{path}.{name}", given, "a list of names", f"Write e.g. `{name}: [{next(iter(known), 'name')}]`.")
            return ()
        for index, one in enumerate(given):
            if not isinstance(one, str) or one not in known:
                self.say(f"{path}.{name}[{index}]", one, expected, f"Name one of {', '.join(known) or 'none'}.")
        return tuple(one for one in given if isinstance(one, str))


def read_panels(
    given: object, streams: Mapping[str, StreamSpec], fields: Mapping[str, Field]
) -> tuple[dict[str, PanelSpec], list[Problem]]:
    """The panels that plain JSON or YAML values describe, and what is wrong with them."""
    reader = PanelReader(streams, fields)
    return reader.read(given), reader.problems


def panel_document(panel: PanelSpec) -> dict[str, object]:
    """What `read_panels` reads back to the same panel."""
    return {
        "title": panel.title,
        "module": panel.module,
        "streams": list(panel.streams),
        "fields": list(panel.fields),
        "place": panel.place,
        "height": panel.height,
    }
