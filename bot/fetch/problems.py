"""What went wrong with a GET, in a key and the values that its sentence names."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import aiohttp

from bot.model import Problem

# Browser checks say what they are in the first part of their page; none of these words stands in a feed's error.
_CHALLENGES = (
    b"_cf_chl_opt",  # Cloudflare
    b"/cdn-cgi/challenge-platform/",
    b"cf-browser-verification",
    b"ddos-guard",
    b"/.within.website/x/cmd/anubis/",
    b"awsWafCookieDomainList",
    b"sucuri_cloudproxy_js",
    b"/_Incapsula_Resource",
)
# Statuses that such checks answer with.
CHALLENGE_STATUSES = frozenset({401, 403, 405, 429, 503})
# Enough of a page to know it by.
CHALLENGE_SIZE = 64 * 1024

_BY_STATUS = (
    (frozenset({401, 403}), "fetch.forbidden"),
    (frozenset({404}), "fetch.not_found"),
    (frozenset({410}), "fetch.gone"),
    (frozenset({429}), "fetch.too_many_requests"),
)


class RefusedAddress(OSError):
    """The guard stopped a connection. An OSError, as aiohttp lets only these through from a socket factory."""


def problem_of_status(status: int, host: str, headers: Mapping[str, str], start: bytes) -> Problem:
    """Say what an answer other than a body, a redirect or "not modified" means.

    Args:
        status: of the answer.
        host: of the address that answered.
        headers: of the answer; names in any case.
        start: the first CHALLENGE_SIZE bytes of its page; b"" if nobody looked.
    """
    if headers.get("cf-mitigated") == "challenge" or _is_challenge(status, start):
        return Problem("fetch.challenge", {"host": host})
    for statuses, key in _BY_STATUS:
        if status in statuses:
            return Problem(key, {"host": host})
    key = "fetch.server_error" if 500 <= status <= 599 else "fetch.status"
    return Problem(key, {"host": host, "status": str(status)})


def problem_of_error(error: Exception, host: str) -> Problem:
    """Say what an error of aiohttp, or of the sockets below it, means."""
    if isinstance(error, aiohttp.ClientConnectorDNSError | aiohttp.InvalidURL | UnicodeError):
        # InvalidURL: numbers in odd spellings (127.1). UnicodeError: a label that is empty or longer than 63
        # letters. Neither reaches the resolver.
        return Problem("fetch.no_such_host", {"host": host})
    if isinstance(error, TimeoutError):
        return Problem("fetch.timeout", {"host": host})
    reason = _tls_reason(error)
    if reason is not None:
        return Problem("fetch.tls", {"host": host, "reason": reason})
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = isinstance(error.os_error, RefusedAddress)
        return Problem("fetch.private_address" if refused else "fetch.refused", {"host": host})
    return Problem("fetch.broken_answer", {"host": host})


def _is_challenge(status: int, start: bytes) -> bool:
    return status in CHALLENGE_STATUSES and any(sign in start for sign in _CHALLENGES)


def _tls_reason(error: Exception) -> str | None:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        error = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorSSLError):
        error = error.os_error
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or "certificate"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "handshake").replace("_", " ").lower()
    return None
