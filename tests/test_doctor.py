"""What the doctor says of what an operator switched on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import doctor
from bot.config import Settings
from bot.errors import SettingsError
from tests.fetch.server import serving


async def findings(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {one.name: (one.well, one.sentence) async for one in doctor.examine(settings)}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path / 'feedbell.db'}"


async def test_nothing_is_said_of_what_is_off(database: str) -> None:
    found = await findings(Settings(database_url=database))
    assert set(found) == {"token", "database", "addresses"}


async def test_full_pages(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database_url=database, full_pages="teasers")
    assert (await findings(settings))["full pages"][0]

    def missing() -> None:
        raise SettingsError(("pip install it",))

    monkeypatch.setattr(doctor, "check_extra", missing)
    assert (await findings(settings))["full pages"] == (False, "pip install it")


async def test_summaries(database: str) -> None:
    answer = {"choices": [{"message": {"content": "Well."}}]}
    async with serving() as site:
        settings = Settings(database_url=database, summary_url=f"{site.base}/v1", summary_model="small")
        site.says("/v1/chat/completions", json.dumps(answer).encode())
        assert (await findings(settings))["summaries"] == (True, "small answers")
        site.says("/v1/chat/completions", status=401)
        well, sentence = (await findings(settings))["summaries"]
    assert not well
    assert sentence.startswith(f"{site.base}/v1 does not answer (status 401): check FEEDBELL_SUMMARY_URL")
