"""Raised and lowered text in Unicode's own signs, since Telegram has no markup for it."""

from __future__ import annotations

from typing import Literal

Script = Literal["", "sup", "sub"]

_RAISED = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyz ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ ",
        strict=True,
    )
)
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvx ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ ", strict=True))
# "[12]" is a reference and reads as one where it stands.
_REFERENCE = "[("
# More than this is a sentence set small.
_LONGEST = 12


def set_off(text: str, script: Script) -> str:
    """A text as it stands above or below its line; behind ^ or _ where Unicode lacks a sign of it."""
    bare = text.strip()
    if not script or not bare or len(bare) > _LONGEST or bare[0] in _REFERENCE or not bare.isascii():
        return text
    signs = _RAISED if script == "sup" else _LOWERED
    if all(sign in signs for sign in bare):
        return "".join(signs[sign] for sign in bare)
    mark = "^" if script == "sup" else "_"
    return mark + (bare if bare.isalnum() else f"({bare})")
