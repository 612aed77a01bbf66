"""Draws the articles' pictures and plays their sounds, from nothing but arithmetic.

Telegram takes no SVG, and a picture library would be a dependency for a demo: a PNG with a palette
is a few chunks around zlib. Drawn by columns and turned at the end by slicing, which costs 10 ms
instead of 300 for a picture of 800 x 450.
"""

import colorsys
import math
import struct
import zlib
from typing import NamedTuple

WIDTH, HEIGHT = 800, 450
_SKY, _SHADES, _LAYERS = 112, 24, 5  # palette: sky first, then each range of hills, then the sun
_SUN = _SKY + _SHADES * _LAYERS
_GOLDEN = 0.618034  # turns the colour wheel so that neighbours differ most


class _Hill(NamedTuple):
    base: float  # pixels from the top
    swell: float  # pixels
    waves: float  # over the whole width
    phase: float  # radians


def picture(seed: int) -> bytes:
    """Draw hills under a sun as a PNG of 800 x 450; the same seed draws the same picture."""
    hills = [_hill(seed, layer) for layer in range(_LAYERS)]
    sun = (WIDTH * (0.18 + 0.64 * _spread(seed, 7)), HEIGHT * (0.2 + 0.16 * _spread(seed, 9)), 46.0)
    ramps = _ramps()
    columns = b"".join(_column(x, ramps, hills, sun) for x in range(WIDTH))
    rows = b"".join(b"\0" + columns[y::HEIGHT] for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)  # 8 bits a pixel, palette
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", _palette(seed)),
            _chunk(b"IDAT", zlib.compress(rows, 6)),
            _chunk(b"IEND", b""),
        ]
    )


def sound(seed: int) -> bytes:
    """Play one soft tone for half a second as a mono WAV of 8 kHz."""
    rate, length = 8000, 4000
    pitch = 220 * 2 ** ((seed % 12) / 12)
    wave = bytes(
        128 + round(60 * math.sin(2 * math.pi * pitch * t / rate) * (1 - t / length)) for t in range(length)
    )
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + length, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", length)
        + wave
    )


def _hill(seed: int, layer: int) -> _Hill:
    depth = layer / (_LAYERS - 1)
    return _Hill(
        base=HEIGHT * (0.48 + 0.4 * depth),
        swell=HEIGHT * (0.05 + 0.06 * _spread(seed, layer)),
        waves=1.2 + 1.6 * _spread(seed, layer + 20),
        phase=math.tau * _spread(seed, layer + 40),
    )


def _column(x: int, ramps: list[bytes], hills: list[_Hill], sun: tuple[float, float, float]) -> bytes:
    """One column of palette indices, top to bottom: sky, sun, and every hill in front of the last."""
    column = bytearray(ramps[-1])
    sun_x, sun_y, radius = sun
    if abs(x - sun_x) < radius:
        half = math.sqrt(radius**2 - (x - sun_x) ** 2)
        top, bottom = round(sun_y - half), round(sun_y + half)
        column[top:bottom] = bytes([_SUN]) * (bottom - top)
    for ramp, hill in zip(ramps, hills, strict=False):
        top = min(round(_height(hill, x)), HEIGHT)
        column[top:] = ramp[: HEIGHT - top]
    return bytes(column)


def _ramps() -> list[bytes]:
    """The indices of each range of hills counted from its ridge down, and last those of the sky."""
    hills = [
        bytes(_SKY + layer * _SHADES + min(y // 7, _SHADES - 1) for y in range(HEIGHT))
        for layer in range(_LAYERS)
    ]
    return [*hills, bytes(y * _SKY // HEIGHT for y in range(HEIGHT))]


def _height(hill: _Hill, x: int) -> float:
    angle = math.tau * hill.waves * x / WIDTH + hill.phase
    return hill.base + hill.swell * (math.sin(angle) + 0.35 * math.sin(2.7 * angle + 1))


def _palette(seed: int) -> bytes:
    hue = (seed * _GOLDEN) % 1.0
    far = (hue + 0.12) % 1.0
    colours = [
        _rgb(_mix(hue, far, y / _SKY), 0.42 - 0.22 * y / _SKY, 0.72 + 0.26 * y / _SKY) for y in range(_SKY)
    ]
    for layer in range(_LAYERS):
        depth = (layer + 1) / _LAYERS
        for shade in range(_SHADES):
            light = 0.86 - 0.56 * depth + 0.12 * shade / _SHADES
            colours.append(_rgb((hue + 0.5 - 0.1 * depth) % 1.0, 0.25 + 0.35 * depth, light))
    colours.append(_rgb(far, 0.1, 1.0))
    return b"".join(colours).ljust(768, b"\0")


def _mix(start: float, end: float, part: float) -> float:
    return (start + ((end - start) % 1.0) * part) % 1.0


def _rgb(hue: float, saturation: float, value: float) -> bytes:
    return bytes(round(255 * part) for part in colorsys.hsv_to_rgb(hue, saturation, min(value, 1.0)))


def _spread(seed: int, salt: int) -> float:
    """0.0 to 1.0, the same for the same numbers; no random source is needed to vary a drawing."""
    return (zlib.crc32(f"{seed}/{salt}".encode()) & 0xFFFF) / 0xFFFF


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
