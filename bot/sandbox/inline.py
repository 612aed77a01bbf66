"""Inline mode: a person types `@bot words` somewhere, is shown what the bot finds, and sends one of it."""

import secrets
from typing import Any

from bot.sandbox.acts import known_chat, person
from bot.sandbox.content import text_of
from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import Call
from bot.sandbox.shapes import Json
from bot.sandbox.world import Draft, World

MOST_RESULTS = 50
LONGEST_OFFSET = 64  # bytes, as of a result's id and a button's payload
MOST_WAITING = 500
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def ask(world: World, user_id: int, query: str, offset: str) -> tuple[str, int | None]:
    """Somebody types behind the bot's name; the id of the query, and of the update."""
    user = person(world, user_id)
    query_id = str(secrets.randbits(62))
    world.inline[query_id] = None
    if len(world.inline) > MOST_WAITING:
        world.inline.popitem(last=False)
    payload = {"id": query_id, "from": user.shape(), "query": query[:256], "offset": offset}
    return query_id, world.updates.add("inline_query", payload)


def answer_inline_query(call: Call) -> bool:
    params, query_id = call.params, call.params.text("inline_query_id")
    if query_id not in call.world.inline or call.world.inline[query_id] is not None:
        raise bad_request(TOO_OLD)
    results = [_checked(one, call) for one in params.items("results")]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({one["id"] for one in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.text("next_offset").encode()) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    call.world.inline[query_id] = {
        "results": results,
        "next_offset": params.text("next_offset"),
        "cache_time": params.integer("cache_time", 300),
        "is_personal": params.flag("is_personal"),
        "button": params.mapping("button"),
    }
    return True


def choose(world: World, query_id: str, result_id: str, user_id: int, chat_id: int) -> Json:
    """Send one of the results into a chat. Raises ValueError."""
    answer = world.inline.get(query_id)
    found = [one for one in (answer or {}).get("results", ()) if one["id"] == result_id]
    if not found:
        raise ValueError(f"there is no result {result_id} to this query")
    content = found[0]["input_message_content"]
    text, entities = text_of(Params({**content, "text": content["message_text"]}), world.users)
    chat, sender = known_chat(world, chat_id), person(world, user_id)
    body: Json = {"via_bot": world.bot.shape(), "text": text} | ({"entities": entities} if entities else {})
    return world.post(chat, Draft(world.person(sender, chat), body))


def _checked(result: Any, call: Call) -> Json:
    """An article that Telegram takes; other kinds are not simulated."""
    if not isinstance(result, dict) or result.get("type") != "article":
        raise bad_request("can't parse inline query result: only articles are simulated")
    if not 1 <= len(str(result.get("id", "")).encode()) <= LONGEST_OFFSET:
        raise bad_request("RESULT_ID_INVALID")
    content = result.get("input_message_content") or {}
    if not result.get("title") or "message_text" not in content:
        raise bad_request("RESULT_TITLE_EMPTY" if "message_text" in content else "MESSAGE_EMPTY")
    text_of(Params({**content, "text": content["message_text"]}), call.world.users)
    return result
