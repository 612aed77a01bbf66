"""Content codings, unzipped piece by piece: of a bomb only one small piece is ever in memory, and a stream that
stops before its end is noticed.

Not aiohttp's own: it takes half a gzip, brotli or zstd stream for the whole, and refuses one with junk behind it.
Source: RFC 9110 §8.4.1 (gzip, deflate), RFC 7932 (br), RFC 8878 (zstd).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Bytes unzipped at a time.
_PIECE = 256 * 1024

# What the libraries raise for a stream they cannot read.
_FOREIGN = (zlib.error, brotli.error, zstd.ZstdError)


class BrokenCoding(ValueError):
    """The stream is not of its coding, or stops before its end."""


class _Stream(Protocol):
    """One compressed stream."""

    def step(self, data: bytes) -> bytes:
        """Take these bytes in and give the next piece; b"" when all that came is unzipped."""

    @property
    def ended(self) -> bool: ...

    @property
    def rest(self) -> bytes:
        """What stands behind the end."""


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    def step(self, data: bytes) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, _PIECE)

    @property
    def ended(self) -> bool:
        return self._stream.eof

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor()

    def step(self, data: bytes) -> bytes:
        return self._stream.decompress(data, _PIECE)

    @property
    def ended(self) -> bool:
        return self._stream.eof

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data


class _Brotli:
    rest = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def step(self, data: bytes) -> bytes:
        piece: bytes = self._stream.process(data, output_buffer_limit=_PIECE)
        return piece

    @property
    def ended(self) -> bool:
        finished: bool = self._stream.is_finished()
        return finished


def _gzip(_: bytes) -> _Stream:
    return _Zlib(16 + zlib.MAX_WBITS)


def _deflate(start: bytes) -> _Stream:
    # Half of those who say deflate leave its frame away; the frame begins with 8 in the lower half of a byte.
    return _Zlib(zlib.MAX_WBITS if start[0] & 0x0F == 8 else -zlib.MAX_WBITS)


# How a stream begins, made with its first bytes, and the byte by which another one behind it is known.
_CODINGS: Mapping[str, tuple[Callable[[bytes], _Stream], bytes]] = MappingProxyType(
    {
        "gzip": (_gzip, b"\x1f"),
        "x-gzip": (_gzip, b"\x1f"),
        "deflate": (_deflate, b""),
        "br": (lambda _: _Brotli(), b""),
        "zstd": (lambda _: _Zstd(), b"\x28"),
    }
)
ACCEPT_ENCODING = "gzip, deflate, br, zstd"


class Unzipper:
    """Takes a body as it comes. A coding it does not know is none: servers write `utf-8` there.

    Args:
        coding: the header Content-Encoding; "" if there is none.
    """

    def __init__(self, coding: str) -> None:
        self._start: Callable[[bytes], _Stream] | None
        self._start, self._again = _CODINGS.get(coding.strip().lower(), (None, b""))
        self._stream: _Stream | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Unzip what came, in small pieces; stop asking and nothing more is unzipped.

        Raises:
            BrokenCoding: it cannot be unzipped.
        """
        if self._start is None:
            yield data
            return
        try:
            while data:
                if self._stream is None or self._stream.ended:
                    if self._stream is not None and data[:1] != self._again:
                        return  # junk; browsers do not mind it either
                    self._stream = self._start(data)
                yield from _drained(self._stream, data)
                data = self._stream.rest if self._stream.ended else b""
        except _FOREIGN as error:
            raise BrokenCoding(str(error)) from error

    def end(self) -> None:
        """Say that all of the body came.

        Raises:
            BrokenCoding: and yet its stream has not ended.
        """
        if self._stream is not None and not self._stream.ended:
            raise BrokenCoding("stops before its end")


def _drained(stream: _Stream, data: bytes) -> Iterator[bytes]:
    while piece := stream.step(data):
        yield piece
        if stream.ended:
            return
        data = b""
