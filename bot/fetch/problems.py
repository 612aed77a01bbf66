"""What went wrong with a GET, in a key and the values that its sentence names."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

import aiohttp
import aiohttp_socks
from yarl import URL

from bot.fetch.guard import BAD_PORT
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
    b"/_sec/cp_challenge/",  # Akamai
    b"bm-verify",
    b"captcha-delivery.com",  # DataDome
    b"px-captcha",  # HUMAN
    b"/.well-known/sgcaptcha/",  # SiteGround
    b"/git/go-away/",
)
# Some say it in a header, whatever the status: AWS with 202, Vercel with 429.
_CHALLENGE_HEADERS = ("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action")
# Statuses that such checks answer with.
CHALLENGE_STATUSES = frozenset({401, 403, 405, 429, 503})
# Enough of a page to know it by.
CHALLENGE_SIZE = 64 * 1024

_BY_STATUS = (
    (frozenset({401}), "fetch.login"),
    (frozenset({403}), "fetch.forbidden"),
    (frozenset({404}), "fetch.not_found"),
    # Only a proxy asks for a login of its own.
    (frozenset({407}), "fetch.proxy"),
    (frozenset({410}), "fetch.gone"),
    (frozenset({429}), "fetch.too_many_requests"),
)


# OpenSSL's codes (X509_V_ERR_…) for a certificate, and its reasons for a handshake that fails.
_CERTIFICATE = {
    10: "fetch.tls_expired",
    18: "fetch.tls_untrusted",
    19: "fetch.tls_untrusted",
    20: "fetch.tls_untrusted",
    21: "fetch.tls_untrusted",
    62: "fetch.tls_wrong_host",
    64: "fetch.tls_wrong_host",
}
_HANDSHAKE = {
    "UNSUPPORTED_PROTOCOL": "fetch.tls_outdated",
    "TLSV1_ALERT_PROTOCOL_VERSION": "fetch.tls_outdated",
    "DH_KEY_TOO_SMALL": "fetch.tls_outdated",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "fetch.tls_outdated",
    # Plain HTTP, as OpenSSL reads it.
    "WRONG_VERSION_NUMBER": "fetch.tls_none",
    "RECORD_LAYER_FAILURE": "fetch.tls_none",
    "HTTP_REQUEST": "fetch.tls_none",
    "PACKET_LENGTH_TOO_LONG": "fetch.tls_none",
}
# What a SOCKS server says when the host, and not itself, is to blame: no network, no host, refused, too far
# (RFC 1928 §6).
_SOCKS_UNREACHABLE = frozenset({3, 4, 5, 6})


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
    if says_challenge(headers) or _is_challenge(status, start):
        return Problem("fetch.challenge", {"host": host})
    for statuses, key in _BY_STATUS:
        if status in statuses:
            return Problem(key, {"host": host})
    key = "fetch.server_error" if 500 <= status <= 599 else "fetch.status"
    return Problem(key, {"host": host, "status": str(status)})


def says_challenge(headers: Mapping[str, str]) -> bool:
    """Whether the headers alone tell that this is a browser check."""
    return any(headers.get(name) in {"challenge", "captcha"} for name in _CHALLENGE_HEADERS)


def problem_of_error(error: Exception, host: str, address: URL) -> Problem:
    """Say what an error of aiohttp, of the proxy, or of the sockets below them, means.

    Args:
        error: one of these; of another kind, the answer is said to be broken.
        host: as people know it.
        address: that was asked.
    """
    key = _of_name(error, address) or _of_proxy(error) or _of_time(error) or _of_connection(error)
    if key == "fetch.port":
        return Problem(key, {"host": host, "port": str(address.port)})
    return Problem(key, {"host": host}) if key else _of_tls(error, host)


def _of_name(error: Exception, address: URL) -> str | None:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        if error.host != address.raw_host:
            return "fetch.proxy"  # no site, but the proxy, has no address
        code = error.os_error.errno
        return "fetch.lookup" if code in {socket.EAI_AGAIN, socket.EAI_FAIL} else "fetch.no_such_host"
    # InvalidURL: numbers in odd spellings (127.1). UnicodeError: a label that is empty or longer than 63
    # letters. Neither reaches the resolver.
    return "fetch.no_such_host" if isinstance(error, aiohttp.InvalidURL | UnicodeError) else None


def _of_proxy(error: Exception) -> str | None:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        # A gateway error is about the host; everything else (a login, a rule) about the proxy.
        return "fetch.refused" if error.status in {502, 503, 504} else "fetch.proxy"
    if isinstance(error, aiohttp_socks.ProxyError):
        return "fetch.refused" if error.error_code in _SOCKS_UNREACHABLE else "fetch.proxy"
    if isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp_socks.ProxyConnectionError):
        return "fetch.proxy"
    return None


def _of_time(error: Exception) -> str | None:
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp_socks.ProxyTimeoutError):
        return "fetch.connect_timeout"
    return "fetch.timeout" if isinstance(error, TimeoutError) else None


def _of_connection(error: Exception) -> str | None:
    reason = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(reason, RefusedAddress):
        return "fetch.port" if str(reason) == BAD_PORT else "fetch.private_address"
    if isinstance(reason, ssl.SSLError):
        return None
    return "fetch.refused" if isinstance(error, aiohttp.ClientConnectorError) else None


def _of_tls(error: BaseException | None, host: str) -> Problem:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        error = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorSSLError):
        error = error.os_error
    elif isinstance(error, aiohttp.ClientOSError):
        # Of a handshake through SOCKS, which aiohttp does not know as one.
        error = error.__cause__
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _CERTIFICATE.get(error.verify_code)
        reason = error.verify_message or "certificate"
    elif isinstance(error, ssl.SSLError):
        known = _HANDSHAKE.get(error.reason or "")
        reason = (error.reason or "handshake").replace("_", " ").lower()
    else:
        return Problem("fetch.broken_answer", {"host": host})
    return Problem(known, {"host": host}) if known else Problem("fetch.tls", {"host": host, "reason": reason})


def _is_challenge(status: int, start: bytes) -> bool:
    return status in CHALLENGE_STATUSES and any(sign in start for sign in _CHALLENGES)
