// What the page knows of the simulated Telegram. Changed by events only; holds no nodes.

const PRESENT = new Set(["creator", "administrator", "member", "restricted"]);

export class World {
  constructor() {
    this.bot = null;
    this.users = [];
    this.entries = new Map(); // chat id -> entry of /sim/state
    this.messages = new Map(); // chat id -> Map(message id -> message), only of chats once opened
    this.unread = new Map(); // "user/chat" -> count
  }

  load(state) {
    this.bot = state.bot;
    this.users = state.users.filter((user) => !user.is_bot);
    this.entries = new Map(state.chats.map((entry) => [entry.chat.id, entry]));
  }

  loadMessages(chat, list) {
    this.messages.set(chat, new Map(list.map((message) => [message.message_id, message])));
  }

  // The chats a person sees, the newest first. A private chat is the one with the bot.
  chatsOf(user) {
    const shown = [...this.entries.values()].filter(({ chat }) => chat.type !== "private" || chat.id === user);
    const at = (entry) => entry.last?.sent_at ?? entry.last?.date ?? 0;
    const isPrivate = (entry) => Number(entry.chat.type === "private");
    return shown.sort((a, b) => at(b) - at(a) || isPrivate(b) - isPrivate(a));
  }

  statusOf(user, entry) {
    return entry.members?.find((member) => member.user === user)?.status ?? "left";
  }

  // Why a person cannot write here, or null.
  obstacle(user, entry) {
    if (entry.chat.type === "private") return null;
    const status = this.statusOf(user, entry);
    if (entry.chat.type === "channel") {
      return status === "creator" || status === "administrator" ? null : "Only administrators can post in this channel";
    }
    return PRESENT.has(status) ? null : "You are not a member of this group";
  }

  put(chat, message) {
    const entry = this.entries.get(chat);
    if (entry && (!entry.last || entry.last.message_id <= message.message_id)) entry.last = message;
    this.messages.get(chat)?.set(message.message_id, message);
  }

  drop(chat, id) {
    const known = this.messages.get(chat);
    known?.delete(id);
    const entry = this.entries.get(chat);
    if (entry?.last?.message_id === id) entry.last = known ? ([...known.values()].pop() ?? null) : { ...entry.last, text: "Deleted message", entities: [] };
  }

  list(chat) {
    return [...(this.messages.get(chat)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
  }

  count(user, chat) {
    return this.unread.get(`${user}/${chat}`) ?? 0;
  }

  // One more unread for everybody who sees the chat, except who wrote it and who is looking at it.
  arrived(chat, message, lookingUser) {
    for (const { id } of this.users) {
      if (id === lookingUser || id === message.from?.id || (chat > 0 && chat !== id)) continue;
      this.unread.set(`${id}/${chat}`, this.count(id, chat) + 1);
    }
  }

  read(user, chat) {
    this.unread.delete(`${user}/${chat}`);
  }
}
