// Short words to the person: a toast that passes, a dialog that waits, a picture enlarged.

import { element } from "/page/entities.js";

const PASSES = 4000; // milliseconds; Telegram's own toast stays about as long

const $ = (id) => document.getElementById(id);

export function toast(words) {
  const made = element("div", "toast", words);
  made.dir = "auto";
  $("toasts").append(made);
  setTimeout(() => made.remove(), PASSES);
}

export function alert(words) {
  const dialog = $("alert");
  dialog.querySelector("p").textContent = words;
  if (!dialog.open) dialog.showModal();
}

export function enlarge(address) {
  const dialog = $("viewer");
  dialog.querySelector("img").src = address;
  dialog.onclick = () => dialog.close();
  dialog.showModal();
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast("Copied to the clipboard");
  } catch {
    toast("The browser did not allow copying");
  }
}
