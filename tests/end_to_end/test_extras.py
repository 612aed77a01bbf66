"""What an operator may switch on, with everything real but Telegram: a teaser, its page, a machine's summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import parts
from bot.config import Settings
from bot.model import Article, Chat, ChatKind
from bot.services.subscribing import Subscribed
from tests.fetch.server import Web, serving

ADA = Chat(1001, ChatKind.PRIVATE, "Ada", "en")
LEAD = "The harbour commission voted on Tuesday to rebuild the northern pier, which a storm had damaged."
MORE = (
    "Work begins in spring and will take two years, said Maria Holt, who chairs the commission. Fishermen had asked "
    "for a new pier since the flood, because their boats have to moor in the next town. The town pays a third of it."
)
TOLD = "The northern pier, damaged in a storm, is rebuilt; work begins in spring."
TEASER = f"{LEAD[:71]}…"


def publish(site: Web, *titles: str) -> str:
    items = "".join(
        f"<item><guid>{title}</guid><title>{title}</title><link>{site.base}/{title}</link>"
        f"<description>{TEASER}</description></item>"
        for title in titles
    )
    site.says("/feed", f"<rss version='2.0'><channel><title>Coast</title>{items}</channel></rss>".encode())
    return f"{site.base}/feed"


async def new_article(site: Web, settings: Settings) -> Article:
    """What a check makes of a new teaser."""
    async with parts(settings) as bot:
        await bot.subscriptions.meet(ADA)
        result = await bot.subscriptions.subscribe(ADA, None, publish(site, "tides"))
        assert isinstance(result, Subscribed)
        publish(site, "pier", "tides")
        outcome = await bot.polling.look(result.subscription.feed_id)
    assert outcome is not None
    (article,) = outcome.articles
    return article


async def test_switched_on_and_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = f"<html><body><article><h1>Pier</h1><p>{LEAD}</p><p>{MORE}</p></article></body></html>"
    answer = {"choices": [{"message": {"content": TOLD}}], "usage": {"total_tokens": 500}}
    async with serving() as site:
        site.says("/pier", page.encode(), headers={"Content-Type": "text/html"})
        site.says("/v1/chat/completions", json.dumps(answer).encode())
        off = Settings(
            token=SecretStr("1:a"),
            database_url=f"sqlite:///{tmp_path / 'off.db'}",
            allow_private=("127.0.0.1",),
        )
        on = off.model_copy(
            update={
                "database_url": f"sqlite:///{tmp_path / 'on.db'}",
                "full_pages": "teasers",
                "summary_url": f"{site.base}/v1",
                "summary_model": "small",
            }
        )
        plain = await new_article(site, off)
        assert {request.path for request in site.requests} == {"/feed"}
        rich = await new_article(site, on)
    assert (plain.summary, plain.text) == (TEASER, TEASER)
    assert (rich.summary, rich.text) == (TOLD, f"{LEAD}\n{MORE}")
