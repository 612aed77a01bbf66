"""What every conversation has at hand: the bot, the services behind its commands, its texts."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot

from bot.i18n import Catalogue
from bot.ports import Messenger
from bot.services.backups import Backups
from bot.services.broadcasts import Broadcasts
from bot.services.changes import Changes
from bot.services.copies import Copies
from bot.services.counts import Counting
from bot.services.deadletters import DeadLetters
from bot.services.follows import Follows
from bot.services.guests import Guests
from bot.services.health import Health
from bot.services.logins import Logins
from bot.services.moves import Moves
from bot.services.places import Places
from bot.services.previews import Previews
from bot.services.quotas import Quotas
from bot.services.sharing import Sharing
from bot.services.standings import Standings
from bot.services.starters import Starters
from bot.services.stories import Stories
from bot.services.subscriptions import Subscriptions
from bot.services.trials import Trials
from bot.telegram.access import Access
from bot.telegram.command import Command


@dataclass(frozen=True, slots=True)
class Services:
    """What stands behind the commands."""

    subscriptions: Subscriptions
    dead_letters: DeadLetters
    standings: Standings
    logins: Logins
    changes: Changes
    previews: Previews
    trials: Trials
    stories: Stories
    follows: Follows
    guests: Guests
    quotas: Quotas
    broadcasts: Broadcasts
    health: Health
    places: Places
    starters: Starters
    sharing: Sharing
    copies: Copies
    moves: Moves
    backups: Backups
    counting: Counting


@dataclass(frozen=True, slots=True)
class Desk:
    """What every conversation has at hand."""

    bot: Bot
    services: Services
    catalogue: Catalogue
    messenger: Messenger
    access: Access
    commands: tuple[Command, ...]
