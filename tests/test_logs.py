"""No log line carries the token, whoever wrote it."""

import json
import logging

import pytest
import structlog

from bot import logs

TOKEN = "123456:" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7"


class Secretive:
    def __repr__(self) -> str:
        return f"Bot[token={TOKEN}]"


def fails() -> None:
    raise RuntimeError(f"no answer from https://api.invalid/bot{TOKEN}/getMe")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_tokens_are_cut_from(log_format: logs.LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format)
    ours = structlog.get_logger()
    ours.info("a.value", url=f"https://api.invalid/bot{TOKEN}/getMe")
    ours.info("another.object", bot=Secretive())
    logging.getLogger("telegram").warning("a library's line: %s", TOKEN)
    try:
        fails()
    except RuntimeError:
        ours.exception("a.traceback")
    written = capsys.readouterr().err
    assert TOKEN not in written
    assert written.count("<token>") >= 4


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger().info("feed.checked", feed=7)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["feed"], line["level"]) == ("feed.checked", 7, "info")


def test_quiet_leaves_out_what_is_not_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", quiet=True)
    structlog.get_logger().info("feed.checked", feed=7)
    structlog.get_logger().warning("disk.slow")
    assert "feed.checked" not in (written := capsys.readouterr().err)
    assert "disk.slow" in written
