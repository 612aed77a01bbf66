// The chat page: puts server, world and views together. START READING HERE.
// The address says who looks at what: #<user>/<chat>/<topic>; a topic of 0 is "General".

import { drawChats, faceOf, titleOf } from "/page/chatlist.js";
import { Composer } from "/page/composer.js";
import { element } from "/page/entities.js";
import { alert, copy, enlarge, toast } from "/page/notices.js";
import { fullName } from "/page/people.js";
import * as server from "/page/server.js";
import { Thread } from "/page/thread.js";
import { World } from "/page/world.js";

const $ = (id) => document.getElementById(id);
const PRESS_PATIENCE = 15_000; // milliseconds until a button that nobody answers stops turning
const ACTION_LIFE = 5_000; // Telegram's own life of "typing…"
const SMALL = matchMedia("(max-width: 720px)");
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file" };

const world = new World();
const place = { user: null, chat: null, topic: null };
const busy = new Map(); // chat id -> {words, timer} while the bot is doing something
const pressed = new Map(); // callback query id -> button
const thread = new Thread($("thread"), $("messages"), $("bottom"));
const composer = new Composer({ text: sendText, files: sendFiles, commands: readCommands });

const act = {
  command: (words) => sendText(words),
  mention: (words) => composer.insert(`${words} `),
  deepLink: (payload) => server.sendText({ user: place.user, chat: place.user }, `/start ${payload}`).then(() => go(place.user), told),
  copied: copy,
  enlarge,
  jump: (id) => thread.jump(id),
  reply: (message) => composer.reply(message),
  inline: (query) => composer.insert(`@${world.bot.username} ${query}`),
  press,
};

const entry = () => world.entries.get(place.chat);
const told = (refusal) => toast(refusal instanceof server.Refused ? refusal.message : "The sandbox does not answer");
const inTopic = (message) => place.topic === null || (message.message_thread_id ?? 0) === place.topic;
const go = (chat, topic = null) => {
  location.hash = `${place.user}${chat === null ? "" : `/${chat}`}${topic === null ? "" : `/${topic}`}`;
};

function where(replyTo) {
  return { user: place.user, chat: place.chat, thread: place.topic || undefined, reply_to: replyTo };
}

function sendText(words, replyTo) {
  return server.sendText(where(replyTo), words).catch(told);
}

// One after the other: they must arrive in the order they were dropped.
async function sendFiles(files, caption, replyTo) {
  for (const [at, file] of files.entries()) {
    await server.sendFile(where(replyTo), file, at ? "" : caption).catch(told);
  }
}

function readCommands() {
  return server.readCommands(place.chat, place.user).catch(() => []);
}

async function press(button, message, data) {
  if (button.classList.contains("waiting")) return;
  button.classList.add("waiting");
  setTimeout(() => button.classList.remove("waiting"), PRESS_PATIENCE);
  try {
    const { callback_query_id: id } = await server.press(place.user, message.chat.id, message.message_id, data);
    pressed.set(String(id), button);
  } catch (refusal) {
    button.classList.remove("waiting");
    told(refusal);
  }
}

function answered({ callback_query_id: id, user, text, show_alert: inDialog, url }) {
  pressed.get(String(id))?.classList.remove("waiting");
  pressed.delete(String(id));
  if (user !== place.user) return;
  if (text && inDialog) alert(text);
  else if (text) toast(text);
  if (url && /^https?:/i.test(url)) window.open(url, "_blank", "noopener");
}

function readAddress() {
  const [user, chat, topic] = location.hash.slice(1).split("/").map((part) => (part === "" ? NaN : Number(part)));
  const number = (value) => (Number.isFinite(value) ? value : null);
  return { user: number(user) ?? world.users[0]?.id ?? null, chat: number(chat), topic: number(topic) };
}

async function follow() {
  const next = readAddress();
  const elsewhere = next.chat !== place.chat || next.user !== place.user;
  Object.assign(place, next);
  // Another person's private chat is not ours to see.
  if (place.chat !== null && (place.chat > 0 ? place.chat !== place.user : !world.entries.has(place.chat))) {
    go(place.chat > 0 ? place.user : null);
    return;
  }
  if (elsewhere) composer.clear();
  $("user").value = String(place.user);
  document.body.dataset.view = place.chat === null ? "list" : "chat";
  document.body.classList.toggle("empty", !entry());
  drawList();
  if (entry()) await openChat();
}

async function openChat() {
  const chat = place.chat;
  if (!world.messages.has(chat)) {
    const list = await server.readMessages(chat).catch((refusal) => (told(refusal), null));
    if (list && !world.messages.has(chat)) world.loadMessages(chat, list);
    if (chat !== place.chat) return; // gone on while we waited
  }
  world.read(place.user, chat);
  drawHead();
  drawTopics();
  drawList();
  thread.show(world.list(chat).filter(inTopic), { user: place.user, chat: entry().chat, act });
  placeComposer();
  composer.focus();
}

function placeComposer() {
  const { chat } = entry();
  const isPrivate = chat.type === "private";
  const topic = entry().topics?.find(({ thread: id }) => id === place.topic);
  const ruler = ["creator", "administrator"].includes(world.statusOf(place.user, entry()));
  const closed = topic?.closed && !ruler ? "This topic is closed" : null;
  composer.place({
    obstacle: world.obstacle(place.user, entry()) ?? closed,
    canStart: isPrivate && !world.messages.get(place.chat)?.size,
    hasMenu: isPrivate,
  });
}

function drawHead() {
  const { chat, members } = entry();
  $("title").textContent = titleOf(entry(), world.bot);
  $("head-avatar").replaceChildren(faceOf(entry(), world.bot, "medium"));
  const number = members?.length ?? 0;
  const kind = { private: "bot", channel: `${number} subscriber${number === 1 ? "" : "s"}` }[chat.type];
  $("subtitle").textContent = busy.get(place.chat)?.words ?? kind ?? `${number} member${number === 1 ? "" : "s"}`;
  $("subtitle").classList.toggle("typing", busy.has(place.chat));
  document.title = `${$("title").textContent} – Feedbell sandbox`;
}

function drawTopics() {
  const { chat, topics } = entry();
  $("topics").hidden = !chat.is_forum;
  if (!chat.is_forum) return;
  const tabs = [[null, "All"], [0, "General"], ...(topics ?? []).map((each) => [each.thread, `${each.closed ? "🔒 " : ""}${each.name}`])];
  $("topics").replaceChildren(...tabs.map(([id, name]) => {
    const tab = element("button", "topic", name);
    tab.type = "button";
    tab.dataset.thread = id ?? "all";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(place.topic === id));
    tab.onclick = () => go(place.chat, id);
    return tab;
  }));
}

function drawList() {
  drawChats($("chats"), world, place, busy);
}

function arrived({ chat, message }) {
  const open = chat === place.chat && !document.hidden;
  const known = world.messages.get(chat)?.has(message.message_id);
  world.put(chat, message);
  if (message.from?.id === world.bot.id) quiet(chat);
  if (!known) world.arrived(chat, message, open ? place.user : null);
  if (chat === place.chat && world.messages.has(chat)) {
    if (inTopic(message)) thread.put(message);
    placeComposer();
    if (!known) asked(message);
  }
  drawList();
}

// What only the person's own app sees: a keyboard to answer with, or a question that wants a reply.
function asked(message) {
  const markup = message.sent_keyboard;
  if (!markup) return;
  if (markup.force_reply) composer.reply(message, markup.input_field_placeholder);
  else composer.keyboard(markup.remove_keyboard ? null : markup);
}

function acts({ chat, action }) {
  clearTimeout(busy.get(chat)?.timer);
  busy.set(chat, { words: `${ACTIONS[action] ?? "busy"}…`, timer: setTimeout(() => quiet(chat), ACTION_LIFE) });
  if (chat === place.chat) drawHead();
  drawList();
}

function quiet(chat) {
  clearTimeout(busy.get(chat)?.timer);
  if (!busy.delete(chat)) return;
  if (chat === place.chat) drawHead();
  drawList();
}

// Reads everything anew: at the start, after a lost connection, after a reset.
async function sync() {
  const state = await server.readState().catch(() => null);
  if (!state) return;
  world.load(state);
  world.messages.clear();
  // A stranger should meet the bot at once; on a phone the list comes first, as in Telegram.
  if (!location.hash && !SMALL.matches) history.replaceState(null, "", `#${world.users[0].id}/${world.users[0].id}`);
  $("user").replaceChildren(...world.users.map((user) => new Option(fullName(user), String(user.id))));
  await follow();
  document.body.dataset.ready = "yes";
}

const heard = {
  open: () => {
    $("link-state").hidden = true;
    composer.forgetCommands();
    return sync();
  },
  lost: () => { $("link-state").hidden = false; },
  message: arrived,
  edit: ({ chat, message }) => {
    world.put(chat, message);
    if (chat === place.chat && world.messages.get(chat) && inTopic(message)) thread.put(message);
    drawList();
  },
  delete: ({ chat, message_id: id }) => {
    world.drop(chat, id);
    if (chat === place.chat) thread.drop(id);
    drawList();
  },
  chat: (changed) => {
    world.entries.set(changed.chat.id, changed);
    drawList();
    if (changed.chat.id !== place.chat) return;
    drawHead();
    drawTopics();
    placeComposer();
  },
  commands: () => composer.forgetCommands(),
  answer: answered,
  action: acts,
  reset: () => {
    world.unread.clear();
    composer.clear();
    return sync();
  },
};

function switchTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
$("theme").onclick = switchTheme;
$("back").onclick = () => go(null);
$("user").onchange = () => {
  const user = Number($("user").value);
  location.hash = place.chat === null ? `${user}` : `${user}/${place.chat > 0 ? user : place.chat}`;
};

// One thing after the other: an event that comes while a chat is being read must wait, or the older
// reading would overwrite it.
let turn = Promise.resolve();
const inTurn = (run) => { turn = turn.then(run).catch((error) => console.error(error)); };

addEventListener("hashchange", () => inTurn(() => world.bot && follow()));
document.addEventListener("visibilitychange", () => {
  if (document.hidden || place.chat === null) return;
  world.read(place.user, place.chat);
  drawList();
});
server.listen((name, data) => inTurn(() => (world.bot || name === "open" || name === "lost" ? heard[name](data) : null)));
