// Where one writes: text, commands as one types "/", files, replies, START.

import { element } from "/page/entities.js";
import { fullName, sender, summary } from "/page/people.js";

const $ = (id) => document.getElementById(id);
const SMALL = matchMedia("(max-width: 720px)");

export class Composer {
  // `out` has text(words, replyTo), files(list, caption, replyTo) and commands() -> Promise.
  constructor(out) {
    this.out = out;
    this.replyTo = null;
    this.commands = null; // null: not asked yet in this chat
    this.chosen = 0;
    this.box = $("composer");
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("paste", (event) => this.#pasted(event));
    $("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    $("replying").querySelector("button").onclick = () => this.reply(null);
    $("file").onchange = () => this.#files($("file"));
    $("start").onclick = () => out.text("/start");
    $("menu").onclick = () => this.#openMenu();
    this.#drops($("chat"));
  }

  // Shows the foot as the chat wants it: `obstacle` is a sentence instead of the box, or null.
  place({ obstacle, canStart, hasMenu }) {
    $("readonly").hidden = !obstacle;
    $("readonly").textContent = obstacle ?? "";
    $("start").hidden = Boolean(obstacle) || !canStart;
    $("compose").hidden = Boolean(obstacle) || canStart;
    $("menu").hidden = !hasMenu;
  }

  // Another chat: nothing half-written goes along.
  clear() {
    this.box.value = "";
    this.reply(null);
    this.forgetCommands();
    this.keyboard(null);
    this.#typed();
  }

  forgetCommands() {
    this.commands = null;
  }

  focus() {
    if (!SMALL.matches && !$("compose").hidden) this.box.focus({ preventScroll: true });
  }

  insert(words) {
    this.box.value = words;
    this.#typed();
    this.box.focus();
  }

  // Begins a reply, asked for by the person or forced by the bot; null ends it.
  reply(message, placeholder) {
    this.replyTo = message;
    const bar = $("replying");
    bar.hidden = !message;
    this.box.placeholder = placeholder || "Message";
    if (!message) return;
    bar.querySelector("b").textContent = `Reply to ${fullName(sender(message))}`;
    bar.querySelector("span").textContent = summary(message);
    this.box.focus();
  }

  // A reply keyboard (rows of buttons that send their own text); null takes it away.
  keyboard(markup) {
    const place = $("reply-keyboard");
    const rows = (markup?.keyboard ?? []).map((buttons) =>
      element("div", "kb-row", ...buttons.map((button) => {
        const words = button.text ?? String(button);
        const made = element("button", "rk-button", words);
        made.type = "button";
        made.onclick = () => {
          this.out.text(words);
          if (markup.one_time_keyboard) this.keyboard(null);
        };
        return made;
      })));
    place.replaceChildren(...rows);
    place.hidden = !rows.length;
  }

  #send() {
    const words = this.box.value.trim();
    if (!words) return;
    this.out.text(words, this.replyTo?.message_id);
    this.box.value = "";
    this.reply(null);
    this.#typed();
  }

  #files(input) {
    this.#sendFiles([...input.files]);
    input.value = "";
  }

  #sendFiles(files) {
    if (!files.length || $("compose").hidden) return;
    this.out.files(files, this.box.value.trim(), this.replyTo?.message_id);
    this.box.value = "";
    this.reply(null);
    this.#typed();
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#sendFiles(files);
  }

  #drops(target) {
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const show = (on) => { $("drop").hidden = !on; };
    target.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show(!$("compose").hidden);
    });
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(event.relatedTarget)) show(false);
    });
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      show(false);
      this.#sendFiles([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #key(event) {
    if (event.isComposing) return; // Enter ends a Chinese or Japanese word here, not the message
    const open = !$("commands").hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (open && event.key === "Tab") {
      event.preventDefault();
      this.insert(`/${this.#shown()[this.chosen].command} `);
    } else if (event.key === "Escape") {
      if (open) this.#close();
      else this.reply(null);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      // A command typed whole goes as it stands; a beginning is completed by the chosen one.
      const typed = this.box.value.slice(1);
      if (open && this.#shown()[this.chosen].command !== typed) this.#take(this.#shown()[this.chosen]);
      else this.#send();
    }
  }

  #openMenu() {
    if (!$("commands").hidden) {
      this.#close();
      return;
    }
    this.insert("/");
  }

  async #typed() {
    this.box.style.height = "auto";
    // Hidden, it has no height to measure.
    if (this.box.value && this.box.scrollHeight) this.box.style.height = `${Math.min(this.box.scrollHeight, 220)}px`;
    $("compose").classList.toggle("written", Boolean(this.box.value.trim()));
    if (!/^\/\w*$/.test(this.box.value)) {
      this.#close();
      return;
    }
    this.commands ??= await this.out.commands();
    this.#draw();
  }

  #shown() {
    const typed = this.box.value.slice(1).toLowerCase();
    const found = (this.commands ?? []).filter((each) => each.command.startsWith(typed));
    return found.sort((a, b) => Number(b.command === typed) - Number(a.command === typed));
  }

  #draw() {
    const shown = /^\/\w*$/.test(this.box.value) ? this.#shown() : [];
    if (!shown.length) {
      this.#close();
      return;
    }
    const items = shown.map((each, index) => {
      const item = element("li", "command-item", element("b", "", `/${each.command}`), element("span", "", each.description));
      item.id = `command-${index}`;
      item.dataset.command = each.command;
      item.setAttribute("role", "option");
      item.onmousedown = (event) => event.preventDefault(); // keeps the focus in the box
      item.onclick = () => this.#take(each);
      return item;
    });
    $("commands").replaceChildren(...items);
    $("commands").hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.#choose(0);
  }

  #choose(index) {
    const items = [...$("commands").children];
    this.chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === this.chosen)));
    items[this.chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", items[this.chosen].id);
  }

  #take(command) {
    this.box.value = `/${command.command}`;
    this.#send();
    this.box.focus();
  }

  #close() {
    $("commands").hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}
