// Draws one row of the chat: a message (or an album) as a bubble with everything around it.

import { element, icon, previewAddress, richText } from "/page/entities.js";
import { avatar, clock, fullName, hue, sender, serviceText, summary } from "/page/people.js";
import { fileAddress, readCard } from "/page/server.js";

const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

// Cards are read when their message comes near: a chat of 1,000 links would ask for all at once.
let near = null;
function whenNear(node, run) {
  near ??= new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      target.dispatchEvent(new Event("near"));
    }
  }, { rootMargin: "600px" });
  node.addEventListener("near", run, { once: true });
  near.observe(node);
}

// `messages` is one message, or the parts of an album. `view` has user, chat and what can be done (act).
export function row(messages, view) {
  const [message] = messages;
  const service = serviceText(message);
  const made = service ? element("div", "row service", element("span", "pill", service)) : bubbleRow(messages, view);
  made.messages = messages;
  made.dataset.row = message.message_id;
  if (service) made.dataset.id = message.message_id;
  return made;
}

function bubbleRow(messages, view) {
  const [message] = messages;
  const who = sender(message);
  const own = !message.sender_chat && message.from?.id === view.user;
  const many = view.chat.type !== "private";
  const made = element("div", `row ${own ? "own" : "other"}`);
  if (many && !own && view.chat.type !== "channel") made.append(element("span", "face", avatar(who.id, fullName(who), "small")));
  const bubble = drawn(messages, view, many && !own ? who : null);
  bubble.setAttribute("aria-label", `${own ? "You" : fullName(who)}, ${clock(message.date)}: ${summary(message)}`);
  const stack = element("div", "stack", bubble);
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard?.length) stack.append(keys(keyboard, message, view));
  made.append(stack, replyButton(message, view));
  return made;
}

function drawn(messages, view, named) {
  const [message] = messages;
  const captioned = messages.find((each) => each.caption) ?? message;
  const words = captioned.text ?? captioned.caption;
  const bubble = element("article", "bubble");
  bubble.dataset.id = message.message_id;
  if (named) bubble.append(element("div", `sender name-${hue(named.id)}`, fullName(named)));
  if (message.forward_origin) bubble.append(element("div", "forwarded", "Forwarded message"));
  if (message.reply_to_message && !message.reply_to_message.forum_topic_created) bubble.append(quote(message.reply_to_message, view));
  const media = attachment(messages, view);
  const above = captioned.show_caption_above_media;
  if (media && !above) bubble.append(media);
  if (words) bubble.append(body(captioned, words, view));
  bubble.dir = RIGHT_TO_LEFT.test(words ?? "") ? "rtl" : "ltr"; // not "auto": the sender's name does not count
  if (media && above) bubble.append(media);
  if (media?.classList.contains("album")) bubble.classList.add(words ? "pictured" : "picture-only");
  if (!words && !media) bubble.append(element("div", "text unknown", "This message cannot be shown here"));
  withCard(bubble, message);
  bubble.append(meta(messages));
  return bubble;
}

function body(message, words, view) {
  const made = element("span", "text", richText(words, message.entities ?? message.caption_entities, view.act));
  if (!(message.entities?.length) && /^(\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(words)) made.classList.add("big");
  return made;
}

function meta(messages) {
  const [message] = messages;
  const made = element("span", "meta");
  if (messages.some((each) => each.edit_date && !each.edit_hide)) made.append(element("span", "edited", "edited"));
  const time = element("time", "", clock(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  time.title = new Date(message.date * 1000).toLocaleString();
  made.append(time);
  return made;
}

function quote(replied, view) {
  const who = sender(replied);
  const made = element("button", `quote name-${hue(who.id)}`, element("b", "", fullName(who)), element("span", "", summary(replied)));
  made.type = "button";
  made.lastChild.dir = "auto";
  made.onclick = () => view.act.jump(replied.message_id);
  return made;
}

function attachment(messages, view) {
  const [message] = messages;
  if (message.photo) return album(messages, view);
  const file = message.document ?? message.audio ?? message.voice ?? message.video ?? message.animation;
  if (file) return element("div", "files", ...messages.map((each) => fileRow(each)));
  if (message.poll) return poll(message.poll);
  return null;
}

function album(messages, view) {
  const made = element("div", `album of-${Math.min(messages.length, 4)}`);
  for (const message of messages) {
    const largest = message.photo.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    const tile = element("button", "tile");
    tile.type = "button";
    tile.dataset.id = message.message_id;
    tile.setAttribute("aria-label", "Open the picture");
    const image = element("img", message.has_media_spoiler ? "blurred" : "");
    image.src = fileAddress(largest.file_id);
    image.alt = message.caption ?? "Photo";
    image.loading = "lazy";
    if (messages.length === 1) {
      image.width = largest.width;
      image.height = largest.height;
    }
    tile.append(image);
    tile.onclick = () => view.act.enlarge(image.src);
    made.append(tile);
  }
  return made;
}

function fileRow(message) {
  const file = message.document ?? message.audio ?? message.voice ?? message.video ?? message.animation;
  const name = file.file_name ?? file.title ?? "File";
  const made = element("a", "file", element("span", "disc", icon("file")),
    element("span", "about", element("b", "", name), element("small", "", size(file.file_size))));
  made.dataset.id = message.message_id;
  made.href = fileAddress(file.file_id);
  made.download = name;
  return made;
}

function size(bytes) {
  if (!bytes) return "0 B";
  const step = Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), 3);
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${["B", "KB", "MB", "GB"][step]}`;
}

function poll(told) {
  const options = told.options.map((option) => element("li", "", option.text));
  return element("div", "poll", element("b", "", told.question), element("ul", "", ...options));
}

function withCard(bubble, message) {
  const url = previewAddress(message);
  if (!url || !/^https?:/i.test(url)) return;
  const place = element("div", "card-place");
  const text = bubble.querySelector(".text");
  if (message.link_preview_options?.show_above_text) text.before(place);
  else text.after(place);
  whenNear(place.parentElement, async () => {
    const told = await readCard(url);
    if (told) place.replaceWith(card(told, url, message.link_preview_options ?? {}));
    else place.remove();
  });
}

function card(told, url, options) {
  // The address of a picture is shown as the picture, without a frame.
  const bare = Boolean(told.image) && !told.site_name && !told.title && !told.description;
  const large = Boolean(options.prefer_large_media && told.image);
  const made = element("a", `card ${bare ? "bare" : large ? "large" : "small"}`);
  if (/^https?:/i.test(url)) made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  const lines = element("span", "lines");
  for (const [name, words] of [["site", told.site_name], ["headline", told.title], ["description", told.description]]) {
    if (!words) continue;
    const line = element("span", name, words);
    line.dir = "auto";
    lines.append(line);
  }
  if (!bare) made.append(lines);
  if (told.image && /^https?:/i.test(told.image)) {
    const image = element("img");
    image.src = told.image;
    image.alt = "";
    image.onerror = () => image.remove();
    made.append(image);
  }
  return made;
}

function keys(rows, message, view) {
  const made = element("div", "keyboard");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "Buttons of the message");
  for (const buttons of rows) made.append(element("div", "kb-row", ...buttons.map((button) => key(button, message, view))));
  return made;
}

function key(button, message, view) {
  const made = element(button.url ? "a" : "button", "kb-button", element("span", "label", button.text));
  if (button.style) made.classList.add(`style-${button.style}`);
  if (button.url) {
    if (/^(https?|tg):/i.test(button.url)) made.href = button.url;
    made.target = "_blank";
    made.rel = "noopener noreferrer";
    made.append(element("i", "corner", icon("out")));
    return made;
  }
  made.type = "button";
  if (button.callback_data !== undefined) {
    made.dataset.data = button.callback_data;
    made.onclick = () => view.act.press(made, message, button.callback_data);
  } else if (button.copy_text) {
    made.append(element("i", "corner", icon("copy")));
    made.onclick = () => view.act.copied(button.copy_text.text);
  } else if (button.web_app) {
    made.append(element("i", "corner", icon("window")));
    made.onclick = () => window.open(button.web_app.url, "_blank", "noopener");
  } else {
    const query = button.switch_inline_query_current_chat ?? button.switch_inline_query;
    made.onclick = () => view.act.inline(query ?? "");
  }
  return made;
}

function replyButton(message, view) {
  const made = element("button", "reply icon", icon("reply"));
  made.type = "button";
  made.title = "Reply";
  made.setAttribute("aria-label", "Reply to this message");
  made.onclick = () => view.act.reply(message);
  return made;
}
