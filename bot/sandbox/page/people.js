// Names, faces and words about messages, shared by the list and the chat.

import { element } from "/page/entities.js";

export const AVATAR_HUES = ["red", "orange", "violet", "green", "cyan", "blue", "pink"];

export const hue = (id) => AVATAR_HUES[Math.abs(Number(id)) % AVATAR_HUES.length];

export function fullName(who) {
  return who ? [who.first_name ?? who.title, who.last_name].filter(Boolean).join(" ") || "Deleted" : "";
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0];
  const second = words.length > 1 ? [...words[words.length - 1]][0] : "";
  return (first + second).toUpperCase();
}

export function avatar(id, name, size = "") {
  const made = element("span", `avatar ${size} hue-${hue(id)}`, initials(name));
  made.setAttribute("aria-hidden", "true");
  return made;
}

export const sender = (message) => message.sender_chat ?? message.from ?? message.chat;

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const dayKey = (seconds) => new Date(seconds * 1000).toDateString();

export function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return "Today";
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year });
}

export function shortTime(seconds) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return clock(seconds);
  const recent = Date.now() - date < 6 * 86400e3;
  return date.toLocaleDateString("en-GB", recent ? { weekday: "short" } : { day: "2-digit", month: "2-digit", year: "2-digit" });
}

// The sentence of a service message; null for an ordinary one.
export function serviceText(message) {
  const who = fullName(sender(message));
  if (message.new_chat_members) return `${message.new_chat_members.map(fullName).join(", ")} joined the group`;
  if (message.left_chat_member) return `${fullName(message.left_chat_member)} left the group`;
  if (message.group_chat_created || message.supergroup_chat_created) return `${who} created the group`;
  if (message.channel_chat_created) return "Channel created";
  if (message.forum_topic_created) return `Topic “${message.forum_topic_created.name}” was created`;
  if (message.forum_topic_edited) return `Topic was renamed to “${message.forum_topic_edited.name ?? ""}”`;
  if (message.forum_topic_closed) return "Topic was closed";
  if (message.forum_topic_reopened) return "Topic was reopened";
  if (message.pinned_message) return `${who} pinned a message`;
  if (message.new_chat_title) return `${who} changed the name to “${message.new_chat_title}”`;
  if (message.migrate_to_chat_id) return "This group was upgraded to a supergroup";
  if (message.migrate_from_chat_id) return "The group was upgraded to a supergroup";
  return null;
}

// One line about a message, for the list, a quotation, or a screen reader.
export function summary(message) {
  if (!message) return "";
  const service = serviceText(message);
  if (service) return service;
  const words = message.text ?? message.caption;
  if (words) return words.length > 160 ? `${words.slice(0, 160)}…` : words;
  if (message.photo) return "Photo";
  if (message.document) return message.document.file_name ?? "File";
  if (message.poll) return message.poll.question;
  return message.video ? "Video" : message.audio ? "Audio" : message.sticker ? "Sticker" : "Message";
}
