// The open chat's messages: keeps the rows in order, ties neighbours together, stays at the bottom.

import { element } from "/page/entities.js";
import { row } from "/page/bubble.js";
import { dayKey, dayName, sender } from "/page/people.js";

const TOGETHER = 600; // seconds within which messages of one sender hang together

const ROUNDING = 10; // pixels by which a layout may shrink and grow again while nobody scrolls

export class Thread {
  constructor(scroller, list, toBottom) {
    this.scroller = scroller;
    this.list = list;
    this.toBottom = toBottom;
    this.rows = new Map(); // message id -> row; an album's parts share one
    this.view = null;
    this.atEnd = true;
    this.lastTop = 0;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    toBottom.onclick = () => this.end();
    // Cards and pictures arrive later and push; who reads the newest message must stay there.
    new ResizeObserver(() => this.atEnd && this.end()).observe(list);
    new ResizeObserver(() => this.atEnd && this.end()).observe(scroller);
  }

  show(messages, view) {
    this.view = view;
    this.rows.clear();
    const rows = [];
    for (const message of messages) {
      const last = rows.at(-1);
      if (last && sameAlbum(last.messages.at(-1), message)) last.messages.push(message);
      else rows.push({ messages: [message] });
    }
    const drawn = rows.map(({ messages: parts }) => this.#draw(parts));
    this.list.replaceChildren(...drawn);
    for (const each of drawn) this.#tie(each);
    this.end();
  }

  // A message that is new, or one that changed.
  put(message) {
    const known = this.rows.get(message.message_id);
    if (known) {
      this.#redraw(known, known.messages.map((each) => (each.message_id === message.message_id ? message : each)));
      return;
    }
    let before = this.list.lastElementChild; // from the end: nearly always the last one
    while (before && !(before.messages?.[0].message_id < message.message_id)) before = before.previousElementSibling;
    if (before && sameAlbum(before.messages.at(-1), message)) {
      this.#redraw(before, [...before.messages, message]);
      return;
    }
    const made = this.#draw([message]);
    made.classList.add("arriving");
    if (before) before.after(made);
    else this.list.prepend(made);
    this.#tie(made);
    this.#tie(this.#next(made));
    this.#tie(this.#previous(made));
    if (this.atEnd || message.from?.id === this.view.user) this.end();
    else this.toBottom.hidden = false;
  }

  drop(id) {
    const known = this.rows.get(id);
    if (!known) return;
    this.rows.delete(id);
    const rest = known.messages.filter((each) => each.message_id !== id);
    if (rest.length) {
      this.#redraw(known, rest);
      return;
    }
    const [previous, next] = [this.#previous(known), this.#next(known)];
    if (known.previousElementSibling?.matches(".day")) known.previousElementSibling.remove();
    known.remove();
    this.#tie(previous);
    this.#tie(next);
  }

  jump(id) {
    const found = this.rows.get(id);
    if (!found) return;
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    found.classList.remove("found");
    requestAnimationFrame(() => found.classList.add("found"));
  }

  end() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
    this.atEnd = true;
    this.toBottom.hidden = true;
  }

  #draw(messages) {
    const made = row(messages, this.view);
    for (const message of messages) this.rows.set(message.message_id, made);
    return made;
  }

  #redraw(old, messages) {
    const made = this.#draw(messages);
    old.replaceWith(made);
    this.#tie(made);
    if (this.atEnd) this.end();
  }

  // Sets what depends on the neighbours: the day above, the tail, the name, the face.
  #tie(each) {
    if (!each) return;
    const [message] = each.messages;
    const previous = this.#previous(each);
    const newDay = !previous || dayKey(previous.messages[0].date) !== dayKey(message.date);
    const above = each.previousElementSibling?.matches(".day") ? each.previousElementSibling : null;
    if (newDay && !above) each.before(dayPill(message));
    if (!newDay) above?.remove();
    each.classList.toggle("first", newDay || !hangTogether(previous, each));
    const next = this.#next(each);
    const last = !next || dayKey(next.messages[0].date) !== dayKey(message.date) || !hangTogether(each, next);
    each.classList.toggle("last", last);
    previous?.classList.toggle("last", newDay || !hangTogether(previous, each));
  }

  #previous(each) {
    let found = each.previousElementSibling;
    while (found && !found.messages) found = found.previousElementSibling;
    return found;
  }

  #next(each) {
    let found = each.nextElementSibling;
    while (found && !found.messages) found = found.nextElementSibling;
    return found;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    // Growing content scrolls too, but hardly up (a clamped pixel): only a person does that.
    if (below < 40) this.atEnd = true;
    else if (scrollTop < this.lastTop - ROUNDING) this.atEnd = false;
    // A finger moves by a pixel at a time: while we still follow, count from where it began.
    if (below < 40 || !this.atEnd || scrollTop > this.lastTop) this.lastTop = scrollTop;
    this.toBottom.hidden = this.atEnd || below < 300;
  }
}

function sameAlbum(one, other) {
  return Boolean(one.media_group_id) && one.media_group_id === other.media_group_id;
}

function hangTogether(above, below) {
  if (above.classList.contains("service") || below.classList.contains("service")) return false;
  const [one, other] = [above.messages[0], below.messages[0]];
  return sender(one).id === sender(other).id && other.date - one.date < TOGETHER;
}

function dayPill(message) {
  return element("div", "day", element("span", "pill", dayName(message.date)));
}
