// Talks to the simulated Telegram: one function for each thing the page asks, and the stream of what happens.

export class Refused extends Error {}

async function answer(response) {
  const text = await response.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null; // an error page or a plain sentence; it is told below
  }
  if (!response.ok) throw new Refused(data?.error ?? data?.description ?? (text.slice(0, 200) || response.statusText));
  return data;
}

const post = (path, body) =>
  fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).then(answer);

export const readState = () => fetch("/sim/state").then(answer);

export const readMessages = (chat) => fetch(`/sim/chats/${chat}/messages`).then(answer);

export const readCommands = (chat, user) =>
  fetch(`/sim/commands?chat=${chat}&user=${user}`).then(answer).then((told) => told?.commands ?? told ?? []);

export const press = (user, chat, message, data) => post("/sim/press", { user, chat, message, data });

// `where` is {user, chat, thread?, reply_to?}; what is undefined is left out by JSON.
export const sendText = (where, text) => post("/sim/send", { ...where, text });

export function sendFile(where, file, caption) {
  const form = new FormData();
  for (const [name, value] of Object.entries(where)) if (value !== undefined) form.append(name, value);
  if (caption) form.append("text", caption);
  form.append("document", file, file.name);
  return fetch("/sim/send", { method: "POST", body: form }).then(answer);
}

export const fileAddress = (id) => `/sim/files/${encodeURIComponent(id)}`;

const cards = new Map();

// The card of a page, or null. Asked once an address: the same link often stands in many messages.
export function readCard(url) {
  if (!cards.has(url)) {
    const asked = fetch(`/sim/preview?url=${encodeURIComponent(url)}`).then((r) => (r.ok ? r.json() : null));
    cards.set(url, asked.catch(() => null));
  }
  return cards.get(url);
}

const EVENTS = ["message", "edit", "delete", "chat", "commands", "answer", "action", "reset"];

// Calls `tell(name, data)` for each event, and `tell("open")` whenever the stream begins (anew):
// what happened in between was missed, so the listener must read everything again.
export function listen(tell) {
  let source;
  const connect = () => {
    source = new EventSource("/sim/events");
    source.onopen = () => tell("open", null);
    source.onerror = () => {
      tell("lost", null);
      // The browser gives up for good on an HTTP error, as while the server restarts.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1500);
    };
    for (const name of EVENTS) source.addEventListener(name, (event) => tell(name, JSON.parse(event.data)));
  };
  connect();
}
