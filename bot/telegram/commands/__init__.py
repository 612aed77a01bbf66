"""Every command, one line each; help, menu and dispatch are made from this list, in this order."""

from bot.telegram.command import Command
from bot.telegram.commands.allow import COMMAND as ALLOW
from bot.telegram.commands.broadcast import COMMAND as BROADCAST
from bot.telegram.commands.check import COMMAND as CHECK
from bot.telegram.commands.copy import COMMAND as COPY
from bot.telegram.commands.deny import COMMAND as DENY
from bot.telegram.commands.export import COMMAND as EXPORT
from bot.telegram.commands.failed import COMMAND as FAILED
from bot.telegram.commands.feed import COMMAND as FEED
from bot.telegram.commands.filter import COMMAND as FILTER
from bot.telegram.commands.follow import COMMAND as FOLLOW
from bot.telegram.commands.health import COMMAND as HEALTH
from bot.telegram.commands.help import COMMAND as HELP
from bot.telegram.commands.import_ import COMMAND as IMPORT
from bot.telegram.commands.lang import COMMAND as LANG
from bot.telegram.commands.limits import COMMAND as LIMITS
from bot.telegram.commands.list import COMMAND as LIST
from bot.telegram.commands.login import COMMAND as LOGIN
from bot.telegram.commands.manage import COMMAND as MANAGE
from bot.telegram.commands.more import COMMAND as MORE
from bot.telegram.commands.move import COMMAND as MOVE
from bot.telegram.commands.mute import COMMAND as MUTE
from bot.telegram.commands.pause import COMMAND as PAUSE
from bot.telegram.commands.preview import COMMAND as PREVIEW
from bot.telegram.commands.resume import COMMAND as RESUME
from bot.telegram.commands.settings import COMMAND as SETTINGS
from bot.telegram.commands.start import COMMAND as START
from bot.telegram.commands.stats import COMMAND as STATS
from bot.telegram.commands.status import COMMAND as STATUS
from bot.telegram.commands.subscribe import COMMAND as SUBSCRIBE
from bot.telegram.commands.template import COMMAND as TEMPLATE
from bot.telegram.commands.topics import COMMAND as TOPICS
from bot.telegram.commands.undo import COMMAND as UNDO
from bot.telegram.commands.unsubscribe import COMMAND as UNSUBSCRIBE
from bot.telegram.commands.unsubscribe_all import COMMAND as UNSUBSCRIBE_ALL
from bot.telegram.commands.users import COMMAND as USERS
from bot.telegram.commands.why import COMMAND as WHY

COMMANDS: tuple[Command, ...] = (
    SUBSCRIBE,
    PREVIEW,
    LIST,
    FEED,
    FILTER,
    FOLLOW,
    MUTE,
    WHY,
    SETTINGS,
    TEMPLATE,
    COPY,
    MOVE,
    UNSUBSCRIBE,
    UNSUBSCRIBE_ALL,
    UNDO,
    STATUS,
    STATS,
    CHECK,
    PAUSE,
    RESUME,
    MORE,
    IMPORT,
    EXPORT,
    LOGIN,
    MANAGE,
    TOPICS,
    LANG,
    HELP,
    START,
    USERS,
    ALLOW,
    DENY,
    LIMITS,
    BROADCAST,
    HEALTH,
    FAILED,
)
