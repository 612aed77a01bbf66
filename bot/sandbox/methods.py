"""Every Bot API method the simulated Telegram knows, by its name in lower case."""

from collections.abc import Callable

from bot.sandbox import inline
from bot.sandbox import methods_bot as bot
from bot.sandbox import methods_chats as chats
from bot.sandbox import methods_edit as edit
from bot.sandbox import methods_send as send
from bot.sandbox.rights import Call

Method = Callable[[Call], object]


def known_methods() -> dict[str, Method]:
    """The table; getUpdates is not in it, since it waits. Telegram takes method names in any case."""
    table: dict[str, Method] = {
        "getMe": bot.get_me,
        "setMyCommands": bot.set_my_commands,
        "getMyCommands": bot.get_my_commands,
        "deleteMyCommands": bot.delete_my_commands,
        "setChatMenuButton": bot.set_chat_menu_button,
        "getChatMenuButton": bot.get_chat_menu_button,
        "setWebhook": bot.set_webhook,
        "deleteWebhook": bot.delete_webhook,
        "getWebhookInfo": bot.get_webhook_info,
        "logOut": bot.log_out,
        "close": bot.log_out,
        "sendMessage": send.send_message,
        "sendPhoto": send.send_photo,
        "sendDocument": send.send_document,
        "sendMediaGroup": send.send_media_group,
        "sendPoll": send.send_poll,
        "sendRichMessage": send.send_rich_message,
        "forwardMessage": send.forward_message,
        "copyMessage": send.copy_message,
        "createForumTopic": send.create_forum_topic,
        "editMessageText": edit.edit_message_text,
        "editMessageCaption": edit.edit_message_caption,
        "editMessageReplyMarkup": edit.edit_message_reply_markup,
        "deleteMessage": edit.delete_message,
        "deleteMessages": edit.delete_messages,
        "pinChatMessage": edit.pin_chat_message,
        "answerCallbackQuery": edit.answer_callback_query,
        "answerInlineQuery": inline.answer_inline_query,
        "getChat": chats.get_chat,
        "getChatMember": chats.get_chat_member,
        "getChatAdministrators": chats.get_chat_administrators,
        "getChatMemberCount": chats.get_chat_member_count,
        "leaveChat": chats.leave_chat,
        "sendChatAction": chats.send_chat_action,
        "getFile": chats.get_file,
        **bot.text_methods(),
    }
    return {name.lower(): method for name, method in table.items()}
