"""Health and metrics, asked over HTTP."""

import socket
from collections.abc import Mapping

import aiohttp
import pytest

from bot.errors import SettingsError, StoreError
from bot.web.server import serving


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def well() -> Mapping[str, int]:
    return {"waiting": 3, "perhaps_double": 1}


async def away() -> Mapping[str, int]:
    raise StoreError("disk I/O error")


async def asked(path: str, *, ill: bool = False, trouble: str | None = None) -> tuple[int, str]:
    port = free_port()
    depth = away if ill else well
    async with (
        serving("127.0.0.1", port, depth=depth, jobs=lambda: {"queued": 2}, trouble=lambda: trouble),
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("path", "ill", "trouble", "status", "words"),
    [
        pytest.param("/healthz", True, None, 200, "ok", id="the loop turns, whatever the database does"),
        pytest.param("/readyz", False, None, 200, "ok", id="all is well"),
        pytest.param("/readyz", True, None, 503, "disk I/O error", id="the database does not answer"),
        pytest.param("/readyz", False, "disk full", 503, "disk full", id="it answers, but takes nothing"),
        pytest.param("/metrics", False, None, 200, 'feedbell_stored{what="waiting"} 3.0', id="rows by state"),
        pytest.param(
            "/metrics", False, None, 200, 'feedbell_stored{what="perhaps_double"} 1.0', id="possible doubles"
        ),
        pytest.param("/metrics", False, None, 200, 'feedbell_jobs{state="queued"} 2.0', id="jobs by state"),
        pytest.param("/elsewhere", False, None, 404, "Not Found", id="nothing else"),
    ],
)
async def test_page(path: str, ill: bool, trouble: str | None, status: int, words: str) -> None:
    got, text = await asked(path, ill=ill, trouble=trouble)
    assert got == status
    assert words in text


async def test_a_port_that_is_taken_is_a_setting_to_change() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"FEEDBELL_HTTP_LISTEN=127.0.0.1:{port}"):
            async with serving("127.0.0.1", port, depth=well, jobs=dict, trouble=lambda: None):
                pass
