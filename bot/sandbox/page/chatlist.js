// The list of chats on the left.

import { element } from "/page/entities.js";
import { avatar, fullName, sender, shortTime, summary } from "/page/people.js";

// A private chat is shown by the one at the other end: the bot.
export function titleOf(entry, bot) {
  return entry.chat.type === "private" ? fullName(bot) : (entry.chat.title ?? "Group");
}

export function faceOf(entry, bot, size) {
  const id = entry.chat.type === "private" ? bot.id : entry.chat.id;
  return avatar(id, titleOf(entry, bot), size);
}

export function drawChats(list, world, place, busy) {
  const items = world.chatsOf(place.user).map((entry) => item(entry, world, place, busy.get(entry.chat.id)?.words));
  // Focus must survive a redraw, or the keyboard would lose its place with every message.
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
  list.replaceChildren(...items);
  if (held) list.querySelector(`[data-chat="${held}"]`)?.focus();
}

function item(entry, world, place, action) {
  const { chat, last } = entry;
  const title = titleOf(entry, world.bot);
  const unread = world.count(place.user, chat.id);
  const link = element("a", "chat-item", faceOf(entry, world.bot));
  link.href = `#${place.user}/${chat.id}`;
  link.dataset.chat = chat.id;
  if (chat.id === place.chat) link.setAttribute("aria-current", "page");
  const top = element("span", "top", element("b", "name", title), element("time", "", last ? shortTime(last.date) : ""));
  const bottom = element("span", "under", action ? element("span", "line typing", action) : lastLine(entry, place));
  if (unread) {
    const badge = element("span", "badge", String(unread));
    badge.setAttribute("aria-label", `${unread} unread`);
    bottom.append(badge);
  }
  link.append(element("span", "words", top, bottom));
  return element("li", "", link);
}

function lastLine({ chat, last }, place) {
  const line = element("span", "line");
  line.dir = "auto";
  if (!last) line.append(chat.type === "private" ? "Press START to begin" : "No messages yet");
  else if (last.from?.id === place.user) line.append(element("i", "", "You: "), summary(last));
  else if (chat.type === "group" || chat.type === "supergroup") line.append(element("i", "", `${fullName(sender(last))}: `), summary(last));
  else line.append(summary(last));
  return line;
}
