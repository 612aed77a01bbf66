"""The XML parser that feedparser is given: Python's own, told to hand text over in whole pieces.

As it comes it calls back for each entity and each line, 180 times for an escaped article of 2 KB; every call
costs feedparser more than expat's whole work between them.
"""

from __future__ import annotations

from xml.sax.expatreader import ExpatParser

_PIECE = 64 * 1024


class WholeText(ExpatParser):
    """Python's SAX driver of expat."""

    def reset(self) -> None:
        """Begin a document; the driver makes itself a new expat for each."""
        super().reset()
        # The driver's own name for it, which its published types leave out.
        expat = vars(self)["_parser"]
        expat.buffer_text = True
        expat.buffer_size = _PIECE


def create_parser() -> WholeText:
    """The name and form that `xml.sax.make_parser` looks for in a driver's module."""
    return WholeText()
