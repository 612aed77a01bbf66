"""What an operator types, run as they run it."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.feeds import FeedList, read_opml
from bot.model import Chat, ChatKind, Refused
from bot.sandbox.run import simulated_telegram
from bot.store import SqlStore
from tests.end_to_end.living import ADA, World, world
from tests.services.stage import stage

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Coast News</title><id>c</id>
<entry><id>2</id><title>Storm &amp;amp; tide</title><link href="https://coast.example/2"/>
<summary>The storm came at night. Nobody slept.</summary><author><name>Ada</name></author>
<category term="weather"/><published>2026-11-23T10:00:00+01:00</published></entry>
<entry><id>1</id><title>Calm</title><link href="https://coast.example/1"/><summary>Nothing moved.</summary></entry>
</feed>"""


@pytest.fixture
def atom(tmp_path: Path) -> Path:
    file = tmp_path / "feed.xml"
    file.write_text(ATOM)
    return file


def feedbell(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an empty folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBELL_")}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env={**clean, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def rows(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_preview_as_json(atom: Path, tmp_path: Path) -> None:
    ran = feedbell("preview", "--json", str(atom), folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    storm, calm = rows(ran)
    assert storm.pop("key") != calm["key"]
    assert storm == {
        "source": str(atom),
        "index": 0,
        "title": "Storm & tide",
        "url": "https://coast.example/2",
        "summary": "The storm came at night. Nobody slept.",
        "image": None,
        "published": "2026-11-23T09:00:00+00:00",
        "author": "Ada",
        "tags": ["weather"],
        "html": '<b><a href="https://coast.example/2">Storm &amp; tide</a></b>\n\n'
        "The storm came at night. Nobody slept.\n\n"
        'Coast News · <tg-time unix="1795424400" format="Dt">2026-11-23 09:00 UTC</tg-time>',
    }


def test_preview_for_people(atom: Path, tmp_path: Path) -> None:
    ran = feedbell("preview", str(atom), folder=tmp_path)
    assert ran.stdout.startswith(
        "Storm & tide\nThe storm came at night. Nobody slept.\nhttps://coast.example/2\n"
    )


def test_match_says_why(atom: Path, tmp_path: Path) -> None:
    ran = feedbell("match", "--filter", "storm -calm", "--json", str(atom), folder=tmp_path)
    storm, calm = rows(ran)
    assert storm["matches"] is True
    assert {"term": "storm", "field": "title", "words": "Storm"} in storm["because"]
    assert calm["matches"] is False


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["preview", "gone.xml"], "gone.xml: No such file", id="a file that is not there"),
        pytest.param(["preview", "."], ".: Is a directory", id="a folder"),
        pytest.param(["preview", "cut"], "cut: This feed breaks off", id="a feed cut in its first article"),
        pytest.param(["preview", "empty"], "empty: There is nothing", id="an empty file"),
        pytest.param(["preview", "zeros"], "zeros: larger than 10,000,000 bytes", id="20 MB of zeros"),
        pytest.param(["preview", "text"], "text: ", id="no feed"),
        pytest.param(
            ["match", "--filter", '"a', "text"],
            "A quotation mark is missing",
            id="a filter that does not parse",
        ),
        pytest.param(["run"], "FEEDBELL_TOKEN is not set", id="no token"),
        pytest.param(["export", "7"], "FEEDBELL_TOKEN is not set", id="no token to export with"),
    ],
)
def test_bad_input_is_one_clear_line_and_status_1(words: list[str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "zeros").write_bytes(bytes(20_000_000))
    (tmp_path / "cut").write_text("<rss version='2.0'><channel><title>News</title><item><title>one")
    (tmp_path / "text").write_text("Just words.")
    ran = feedbell(*words, folder=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.startswith("feedbell: ")
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_bad_source_does_not_keep_the_others_back(atom: Path, tmp_path: Path) -> None:
    ran = feedbell("preview", "--json", "gone.xml", str(atom), folder=tmp_path)
    assert ran.returncode == 1
    assert len(rows(ran)) == 2


def test_settings_that_cannot_be_used_are_all_named(tmp_path: Path) -> None:
    ran = feedbell("run", folder=tmp_path, FEEDBELL_ACCESS="all", FEEDBELL_CHAT_RATE="fast")
    assert ran.returncode == 1
    assert "FEEDBELL_ACCESS='all'" in ran.stderr
    assert "FEEDBELL_CHAT_RATE='fast'" in ran.stderr


def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    ran = feedbell("migrate", folder=tmp_path, FEEDBELL_DATABASE_URL="sqlite:////nowhere/at/all.db")
    assert ran.returncode == 1
    assert ran.stderr.startswith("feedbell: ")
    assert "Traceback" not in ran.stderr


def test_migrate_makes_the_tables(tmp_path: Path) -> None:
    assert feedbell("migrate", folder=tmp_path).returncode == 0
    assert (tmp_path / "feedbell.db").exists()


async def in_thread(life: World, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on the world's own Telegram and database, which must go on answering meanwhile."""
    settings = {
        "FEEDBELL_TOKEN": life.telegram.token,
        "FEEDBELL_API_URL": life.telegram.url,
        "FEEDBELL_DATABASE_URL": f"sqlite:///{life.database}",
        "FEEDBELL_ALLOW_PRIVATE": f"127.0.0.1:{life.newsroom.port}",
        "FEEDBELL_MIN_INTERVAL": "0.1",
        "FEEDBELL_DEFAULT_INTERVAL": "0.1",
        "FEEDBELL_MAX_INTERVAL": "0.1",
    }
    return await asyncio.to_thread(lambda: feedbell(*words, folder=life.database.parent, **settings))


async def test_opml_in_and_out_and_once(tmp_path: Path) -> None:
    async with world(tmp_path) as life:
        async with SqlStore(f"sqlite:///{life.database}") as store, store.transaction() as tx:
            await tx.save_chat(Chat(ADA, ChatKind.PRIVATE, "Ada", "en"))
        opml = tmp_path / "feeds.opml"
        outlines = "".join(
            f'<outline type="rss" xmlUrl="{life.feed(name)}"/>' for name in ("harbour", "pocket")
        )
        opml.write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>')

        for expected in ("followed from now on", "followed already"):
            brought = await in_thread(life, "import", str(ADA), str(opml))
            assert brought.returncode == 0, brought.stderr
            assert brought.stdout.count(expected) == 2
            assert "[2/2]" in brought.stdout

        taken = await in_thread(life, "export", str(ADA))
        listed = read_opml(taken.stdout.encode())
        assert isinstance(listed, FeedList)
        assert {feed.title for feed in listed.feeds} == {"The Harbour Light", "Pocket Signals"}

        headline = life.newsroom.publish("harbour").headline or ""
        once = await in_thread(life, "once")
        assert once.returncode == 0, once.stderr
        assert [message["text"].split("\n")[0] for message in await life.messages()] == [headline]


async def test_import_for_a_stranger_says_what_to_do(tmp_path: Path) -> None:
    async with world(tmp_path) as life:
        opml = tmp_path / "feeds.opml"
        opml.write_text('<opml version="2.0"><body><outline xmlUrl="https://a.example/"/></body></opml>')
        ran = await in_thread(life, "import", "77", str(opml))
    assert ran.returncode == 1
    assert "has never met chat 77" in ran.stderr


async def test_doctor(tmp_path: Path) -> None:
    async with world(tmp_path) as life:
        well = await in_thread(life, "doctor")
    assert well.returncode == 0, well.stdout + well.stderr
    assert "✓ token: Telegram knows this bot as @feedbell_sandbox_bot" in well.stdout
    ill = await asyncio.to_thread(lambda: feedbell("doctor", folder=tmp_path, FEEDBELL_ALLOW_PRIVATE="home"))
    assert ill.returncode == 1
    assert "✗ token: FEEDBELL_TOKEN is not set" in ill.stdout
    assert "✗ addresses: " in ill.stdout


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    async with simulated_telegram(port=0) as other:
        ran = await asyncio.to_thread(
            lambda: feedbell("sandbox", "--no-browser", "--port", str(other.port), folder=tmp_path)
        )
    assert ran.returncode == 1
    assert f"port {other.port} or {other.port + 1} is taken" in ran.stderr


async def test_what_was_given_up_is_listed_retried_and_dropped(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'feedbell.db'}"
    async with SqlStore(database) as store:
        life = stage(store)
        feed_id = await life.follow()
        life.publish("two", "one", "tides")
        # Each twice: as it should look, and in bare words.
        refusals = [Refused("message is too long"), Refused("BUTTON_DATA_INVALID")]
        life.messenger.answers = [refusal for refusal in refusals for _ in range(2)]
        await life.round(feed_id)

    def failed(*words: str) -> subprocess.CompletedProcess[str]:
        return feedbell("failed", *words, folder=tmp_path)

    listed = await asyncio.to_thread(failed)
    assert "Coast News: one  https://coast.example/one" in listed.stdout
    assert "message is too long, after 2 tries" in listed.stdout
    rows_listed = [line.split()[0] for line in listed.stdout.splitlines() if line[0].isdigit()]
    first, second = rows_listed
    assert (await asyncio.to_thread(failed, "--retry", first, "--drop", second)).returncode == 0
    assert (await asyncio.to_thread(failed)).stdout == ""
    unknown = await asyncio.to_thread(failed, "--retry", "99")
    assert unknown.returncode == 1
    assert "have" not in unknown.stdout
    assert "99" in unknown.stderr
