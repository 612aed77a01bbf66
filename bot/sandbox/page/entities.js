// Turns a text and its entities into nodes. Offsets are UTF-16, as are JavaScript's strings.
// Text only ever goes in as text nodes: nothing a bot sends can become markup.

const WRAPS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const SAFE = /^(https?|mailto|tel|tg):/i;

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

// `act` has command(text), mention(text), deepLink(payload) and copied(text).
export function richText(text, entities, act) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, act);
}

function span(text, from, to, entities, act) {
  const nodes = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    const inside = [];
    for (i += 1; i < entities.length && entities[i].offset < end; i += 1) inside.push(entities[i]);
    if (start >= end) continue;
    nodes.append(text.slice(at, start));
    nodes.append(wrapped(entity, text.slice(start, end), span(text, start, end, inside, act), act));
    at = end;
    // What reaches over the end of its parent goes on after it.
    const over = inside.filter((e) => e.offset + e.length > end);
    for (const e of over.reverse()) entities = [...entities.slice(0, i), { ...e, offset: end, length: e.offset + e.length - end }, ...entities.slice(i)];
  }
  nodes.append(text.slice(at, to));
  return nodes;
}

function wrapped(entity, plain, children, act) {
  switch (entity.type) {
    case "bold": case "italic": case "underline": case "strikethrough":
      return element(WRAPS[entity.type], "", children);
    case "code": return clickable(element("code", "", children), "Copy", () => act.copied(plain));
    case "pre": return block(entity.language, plain, children, act);
    case "spoiler": return spoiler(children);
    case "blockquote": return element("blockquote", "", children);
    case "expandable_blockquote": return expandable(children);
    case "text_link": return link(entity.url, children, act);
    case "url": return link(/^[a-z][\w+.-]*:/i.test(plain) ? plain : `http://${plain}`, children, act);
    case "email": return link(`mailto:${plain}`, children, act);
    case "phone_number": return link(`tel:${plain}`, children, act);
    case "bot_command": return clickable(element("a", "command", children), "", () => act.command(plain));
    case "mention": case "hashtag": case "cashtag": case "text_mention":
      return clickable(element("a", entity.type, children), "", () => act.mention(plain));
    case "date_time": return moment(entity, plain, children);
    case "custom_emoji": return element("span", "custom-emoji", children);
    default: return children;
  }
}

function clickable(made, label, run) {
  made.tabIndex = 0;
  made.setAttribute("role", "button");
  if (label) made.title = label;
  made.onclick = run;
  made.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      run();
    }
  };
  return made;
}

function link(url, children, act) {
  const made = element("a", "link", children);
  if (!SAFE.test(url)) return made; // shown, but leads nowhere
  const deep = /^https:\/\/t\.me\/\w+\?start=([\w-]{1,64})$/.exec(url);
  if (deep) return clickable(made, "", () => act.deepLink(deep[1]));
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  made.title = url;
  return made;
}

function block(language, plain, children, act) {
  const copy = element("button", "copy", "Copy");
  copy.type = "button";
  copy.onclick = () => act.copied(plain);
  const head = element("span", "pre-head", element("span", "", language ?? "Code"), copy);
  const code = element("code", language ? `language-${language}` : "", children);
  return element("pre", "", head, code);
}

function spoiler(children) {
  const made = element("span", "spoiler", children);
  made.setAttribute("aria-label", "Hidden text; press to show it");
  return clickable(made, "", () => {
    made.classList.add("shown");
    made.removeAttribute("aria-label");
  });
}

function expandable(children) {
  const toggle = element("button", "expand", icon("down"));
  toggle.type = "button";
  toggle.setAttribute("aria-label", "Show the whole quotation");
  const made = element("blockquote", "expandable", children, toggle);
  toggle.setAttribute("aria-expanded", "false");
  toggle.onclick = () => toggle.setAttribute("aria-expanded", String(made.classList.toggle("open")));
  return made;
}

// A moment in the reader's own zone. Without a format the text stays as it was written.
function moment(entity, plain, children) {
  const date = new Date(entity.unix_time * 1000);
  const made = element("time", "moment", children);
  made.dateTime = date.toISOString();
  made.title = date.toLocaleString();
  const format = entity.date_time_format ?? "";
  if (format) made.textContent = format === "r" ? relative(date) : formatted(date, format) || plain;
  return made;
}

function formatted(date, format) {
  const options = {};
  if (/w/i.test(format)) options.weekday = /W/.test(format) ? "long" : "short";
  if (/d/i.test(format)) Object.assign(options, { day: "numeric", month: /D/.test(format) ? "long" : "short", year: "numeric" });
  if (/t/i.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit", ...(/T/.test(format) && { second: "2-digit" }) });
  return Object.keys(options).length ? new Intl.DateTimeFormat(undefined, options).format(date) : "";
}

function relative(date) {
  const seconds = (date - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

// The address whose card a message shows: the one chosen, else the first in the text; null for none.
export function previewAddress(message) {
  const options = message.link_preview_options ?? {};
  if (options.is_disabled || message.text === undefined) return null;
  if (options.url) return options.url;
  const links = (message.entities ?? []).filter((e) => e.type === "url" || e.type === "text_link");
  const first = links.sort((a, b) => a.offset - b.offset)[0];
  if (!first) return null;
  const url = first.url ?? message.text.slice(first.offset, first.offset + first.length);
  return /^[a-z][\w+.-]*:/i.test(url) ? url : `http://${url}`;
}
