"""Settings: every one documented, every mistake said at once."""

from pathlib import Path

import pytest

from bot.config import PREFIX, Settings, read_settings
from bot.errors import SettingsError

ROOT = Path(__file__).parent.parent


def documented() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_setting_is_in_env_example() -> None:
    assert {name.removeprefix(PREFIX).lower() for name in documented()} == set(Settings.model_fields)


def test_env_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    bare = read_settings()
    for name, value in documented().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == bare


def test_all_mistakes_are_reported_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDBELL_OWNERS", "12, me")
    monkeypatch.setenv("FEEDBELL_MIN_INTERVAL", "soon")
    monkeypatch.setenv("FEEDBELL_ACCESS", "everyone")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert [mistake.split("=")[0] for mistake in caught.value.mistakes] == [
        "FEEDBELL_OWNERS",
        "FEEDBELL_ACCESS",
        "FEEDBELL_MIN_INTERVAL",
    ]


@pytest.mark.parametrize(
    ("bridge", "fits"),
    [
        pytest.param("rsshub+https://hub.example/base", True, id="RSSHub"),
        pytest.param("rss-bridge+http://127.0.0.1:3000", True, id="RSS-Bridge on this machine"),
        pytest.param("https://hub.example", False, id="which program it is, is missing"),
        pytest.param("rsshub+hub.example", False, id="how to get there is missing"),
    ],
)
def test_a_bridge_says_what_it_is_and_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bridge: str, fits: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDBELL_BRIDGE", bridge)
    if fits:
        assert read_settings().bridge == bridge
    else:
        with pytest.raises(SettingsError, match="FEEDBELL_BRIDGE"):
            read_settings()


def test_intervals_must_be_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDBELL_MIN_INTERVAL", "700")
    with pytest.raises(SettingsError, match="MIN_INTERVAL ≤ DEFAULT_INTERVAL"):
        read_settings()


@pytest.mark.parametrize("name", ["SUMMARY_URL", "SUMMARY_MODEL"])
def test_a_machine_has_an_address_and_a_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"FEEDBELL_{name}", "http://127.0.0.1:11434/v1")
    with pytest.raises(SettingsError, match="SUMMARY_URL and SUMMARY_MODEL"):
        read_settings()


def test_the_token_does_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDBELL_TOKEN", "1234:secret")
    assert "secret" not in repr(read_settings())
