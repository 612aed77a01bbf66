"""What a message holds beside its words: their formatting, and of whom it is."""

from __future__ import annotations

from telegram import (
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginUser,
)

from bot.model import Letter


def letter_of(message: Message, text: str) -> Letter | None:
    """The end of a message, as it is formatted.

    Args:
        text: how it ends, but for blanks; "" for all of the message that it answers.

    Returns:
        None if there is no text.
    """
    if not text:
        answered = message.reply_to_message
        return letter_of(answered, answered.text) if answered and answered.text else None
    whole = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    # Entities count in UTF-16 units. Source: Bot API, MessageEntity.
    begin = _units(whole[: whole.rindex(text)])
    kept = [cut for one in entities if (cut := _within(one, begin, begin + _units(text)))]
    return Letter(text, tuple(one.to_dict() for one in kept))


def sender_of(message: Message | None) -> int | None:
    """Of whom it was forwarded, or whose contact it is, as Telegram's id; None where Telegram does not say."""
    match message and message.forward_origin:
        case MessageOriginUser(sender_user=user):
            return user.id
        case MessageOriginChat(sender_chat=chat):
            return chat.id
        case MessageOriginChannel(chat=chat):
            return chat.id
        case _:
            return message.contact.user_id if message and message.contact else None


def _within(entity: MessageEntity, begin: int, end: int) -> MessageEntity | None:
    """What of it lies between, counted from there; None if nothing does."""
    first, last = max(entity.offset, begin), min(entity.offset + entity.length, end)
    if first >= last:
        return None
    return MessageEntity(
        entity.type,
        first - begin,
        last - first,
        url=entity.url,
        user=entity.user,
        language=entity.language,
        custom_emoji_id=entity.custom_emoji_id,
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
