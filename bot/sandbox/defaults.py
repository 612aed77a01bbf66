"""The world a fresh sandbox begins with, in one place; the command line prints it."""

from bot.sandbox.shapes import Chat, Member, Status, Topic, User
from bot.sandbox.world import Draft, World

TOKEN = "42:SANDBOX-TOKEN-for-this-machine-only-000000"  # noqa: S105 - known to everybody, opens nothing
BOT_ID = 42
BOT_USERNAME = "feedbell_sandbox_bot"
ADA, XIAOMING, BEA = 1001, 1002, 1003
NEWSROOM = -1001234567890  # a supergroup with topics
READERS = -1001234567891  # a supergroup without topics
FAMILY = -4001  # a basic group
CHANNEL = -1009876543210
CHANNEL_USERNAME = "feedbell_demo"
NEWS_TOPIC = 7


def default_bot() -> User:
    """The account the token belongs to."""
    return User(BOT_ID, "Feedbell", username=BOT_USERNAME, is_bot=True)


def settle(world: World) -> None:
    """Empty the world and fill it anew."""
    world.clear()
    ada = User(ADA, "Ada", username="ada_sandbox", language="en")
    people = (ada, User(XIAOMING, "小明", language="zh-hans"), User(BEA, "Bea", language="en"))
    for person in people:
        world.users[person.id] = person
        private = Chat(person.id, "private", members=_members({person.id: "member", BOT_ID: "member"}))
        world.chats[person.id] = private
    in_groups: dict[int, Status] = {
        ADA: "creator",
        BEA: "administrator",
        XIAOMING: "member",
        BOT_ID: "member",
    }
    newsroom = Chat(NEWSROOM, "supergroup", title="Newsroom", is_forum=True, members=_members(in_groups))
    readers = Chat(READERS, "supergroup", title="Readers", members=_members(in_groups))
    family = Chat(FAMILY, "group", title="Family", members=_members(in_groups))
    channel = Chat(CHANNEL, "channel", title="Feedbell Demo", username=CHANNEL_USERNAME)
    channel.members = _members({ADA: "creator", BOT_ID: "administrator"})
    world.chats |= {chat.id: chat for chat in (newsroom, readers, family, channel)}
    world.post(newsroom, Draft(world.person(ada, newsroom), {"text": "Welcome to the newsroom."}))
    world.found_topic(newsroom, Topic(NEWS_TOPIC, "News"), ada)


def _members(statuses: dict[int, Status]) -> dict[int, Member]:
    return {account: Member(status) for account, status in statuses.items()}
