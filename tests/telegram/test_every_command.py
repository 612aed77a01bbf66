"""Nothing about a command can be forgotten: help in each language, a menu entry, a test, buttons of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import i18n
from bot.telegram import commands
from bot.telegram.command import Command
from bot.telegram.commands import COMMANDS
from bot.telegram.menu import menu

CATALOGUE = i18n.load()


def test_every_module_of_commands_is_in_the_list() -> None:
    """A module that only helps says so by having no COMMAND; `import` is a word of Python's own, hence `import_`."""
    modules = Path(commands.__file__).parent.glob("*.py")
    defining = {file.stem.rstrip("_") for file in modules if "\nCOMMAND = " in file.read_text()}
    assert defining == {command.name for command in COMMANDS}


@pytest.mark.parametrize("language", CATALOGUE.languages())
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help_that_shows_how_it_is_typed(command: Command, language: str) -> None:
    assert f"/{command.name}" in CATALOGUE.text(f"help.{command.name}", language)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_in_a_menu_of_every_language(command: Command) -> None:
    shown = [
        language
        for _, language, lines in menu(COMMANDS, CATALOGUE, owners=[1])
        for line in lines
        if line.command == command.name
    ]
    assert set(shown) == {None, "de", "es", "fa", "fr", "ja", "ru", "zh"}


@pytest.mark.parametrize("name", [name for command in COMMANDS for name in command.names])
def test_every_name_of_every_command_is_typed_in_a_test(name: str) -> None:
    typed = re.compile(rf'(?:say\("|\[?"|")/{name}\b')
    tests = Path(__file__).parent.glob("test_*.py")
    assert any(typed.search(file.read_text()) for file in tests)


def test_names_and_verbs_are_told_apart() -> None:
    """Two commands of one name, or two buttons of one verb, would hide each other."""
    for names in (
        [name for command in COMMANDS for name in command.names],
        [act.verb for command in COMMANDS for act in command.presses],
        [act.verb for command in COMMANDS for act in command.answers],
    ):
        assert len(names) == len(set(names))
