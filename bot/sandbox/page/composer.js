// The lower end of the phone: the text field, the menu of commands, attachments and the reply keyboard.

import { make, summary } from "./bubble.js";

const byId = (id) => document.getElementById(id);
const text = byId("text"), menu = byId("command-menu"), attachMenu = byId("attach-menu");

// `phone` is what the composer writes to: `current()` the person in the open chat, `send(path, body)`, `upload(kind, file)`,
// `addressed(command)` as it is written there, `nameOf(message)`.
export function composer(phone) {
  const drafts = new Map();
  let shownPlace = null, answered = null, chosen = 0;

  function show(person) {
    if (shownPlace !== person.place) {
      if (shownPlace !== null) drafts.set(shownPlace, text.value);
      shownPlace = person.place;
      text.value = drafts.get(person.place) ?? "";
      stopReplying();
      closeAttachments();
    }
    gate(person);
    replyKeyboard(person);
    byId("attach").hidden = person.is_group || person.attach?.length === 0;
    attachMenu.querySelectorAll("button").forEach((each) => { each.hidden = Boolean(person.attach) && !person.attach.includes(each.dataset.attach); });
    byId("open-menu").hidden = person.commands.length === 0;
    text.placeholder = person.keyboard?.placeholder || "Tin nhắn";
    grow();
    suggest();
  }

  function gate(person) {
    const button = byId("gate"), isFollower = person.channel === "zalo", closed = person.blocked || !person.started;
    button.hidden = isFollower ? person.follows : !closed;
    byId("entry").hidden = closed && !isFollower; // who does not follow an Official Account may write to it all the same
    button.textContent = person.blocked ? "Bỏ chặn" : isFollower ? "Quan tâm" : "Bắt đầu";
    button.dataset.testid = person.blocked ? "unblock-button" : "start-button";
  }

  function replyKeyboard(person) {
    const board = byId("reply-keyboard"), toggle = byId("toggle-keyboard");
    const rows = person.blocked || !person.started ? [] : person.keyboard?.rows ?? [];
    toggle.hidden = rows.length === 0;
    board.hidden = rows.length === 0 || toggle.getAttribute("aria-pressed") === "false";
    board.replaceChildren(...rows.map((row) => make("div", "row", ...row.map(keyboardButton))));
  }

  function keyboardButton(button) {
    const node = make("button", "", button.text);
    node.type = "button";
    node.dataset.testid = "reply-keyboard-button";
    node.addEventListener("click", () => phone.send("press", { label: button.text }));
    return node;
  }

  function send() {
    const words = text.value.trim();
    if (!words) return;
    phone.send("say", { text: words, reply_to: answered?.id ?? null });
    text.value = "";
    stopReplying();
    grow();
    suggest();
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
    byId("entry").classList.toggle("empty", !text.value.trim());
  }

  // The menu of commands ----------------------------------------------------------------------------------------------

  function suggest() {
    const typed = /^\/(\w*)$/.exec(text.value);
    const commands = typed ? phone.current()?.commands.filter((c) => c.command.startsWith(typed[1].toLowerCase())) ?? [] : [];
    chosen = 0;
    menu.hidden = commands.length === 0;
    menu.replaceChildren(...commands.map(menuItem));
    text.setAttribute("aria-expanded", String(!menu.hidden));
    highlight();
  }

  function menuItem({ command, description }, index) {
    const item = make("li", "", make("strong", "", `/${command}`), make("span", "", description));
    item.id = `command-${index}`;
    item.setAttribute("role", "option");
    item.dataset.testid = "command-item";
    item.dataset.command = command;
    item.addEventListener("click", () => choose(command));
    return item;
  }

  function highlight() {
    [...menu.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    if (menu.hidden) text.removeAttribute("aria-activedescendant");
    else {
      text.setAttribute("aria-activedescendant", `command-${chosen}`);
      menu.children[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(command) {
    text.value = phone.addressed(`/${command}`);
    send();
    text.focus();
  }

  function menuKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const command = menu.children[chosen]?.dataset.command;
    if (step) chosen = (chosen + step + menu.children.length) % menu.children.length;
    else if (event.key === "Tab") { text.value = `/${command} `; suggest(); }
    else if (event.key === "Escape") menu.hidden = true;
    else if (event.key === "Enter" && text.value !== "/") choose(command);
    else return false;
    highlight();
    return true;
  }

  // Replying and attaching --------------------------------------------------------------------------------------------

  function replyTo(message) {
    answered = message;
    byId("replying").hidden = false;
    byId("replying-name").textContent = phone.nameOf(message);
    byId("replying-text").textContent = summary(message);
    text.focus();
  }

  function stopReplying() {
    answered = null;
    byId("replying").hidden = true;
  }

  function openAttachments(open) {
    attachMenu.hidden = !open;
    byId("attach").setAttribute("aria-expanded", String(open));
    if (open) attachMenu.querySelector("button").focus();
  }

  const closeAttachments = () => openAttachments(false);

  function attach(kind) {
    closeAttachments();
    if (kind === "photo" || kind === "file") byId(`${kind}-input`).click();
    if (kind === "location") phone.send("location", { latitude: 10.7769, longitude: 106.7009 });
    if (kind === "contact") contactDialog();
  }

  function contactDialog() {
    const person = phone.current(), dialog = byId("contact-dialog");
    byId("contact-form").reset();
    byId("own-contact").textContent = `Số của tôi: ${person.name}, +${person.phone.replace(/^\+/, "")}`;
    dialog.returnValue = "";
    dialog.showModal();
  }

  byId("contact-dialog").addEventListener("close", (event) => {
    const sent = new FormData(byId("contact-form"));
    if (event.target.returnValue === "send") phone.send("contact", { name: sent.get("name"), phone: sent.get("phone") });
  });
  byId("own-contact").addEventListener("click", () => { byId("contact-dialog").close(); phone.send("contact", {}); });
  for (const kind of ["photo", "file"]) {
    byId(`${kind}-input`).addEventListener("change", async ({ target }) => {
      const files = [...target.files];
      target.value = "";
      for (const file of files) await phone.upload(kind, file);
    });
  }
  byId("attach").addEventListener("click", () => openAttachments(attachMenu.hidden));
  attachMenu.addEventListener("click", (event) => attach(event.target.closest("button")?.dataset.attach));
  attachMenu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeAttachments(); byId("attach").focus(); }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#attach, #attach-menu")) closeAttachments();
  });
  byId("stop-replying").addEventListener("click", stopReplying);
  byId("open-menu").addEventListener("click", () => {
    text.value = text.value === "/" ? "" : "/";
    text.focus();
    grow();
    suggest();
  });
  byId("toggle-keyboard").addEventListener("click", ({ currentTarget }) => {
    currentTarget.setAttribute("aria-pressed", String(currentTarget.getAttribute("aria-pressed") !== "true"));
    replyKeyboard(phone.current());
  });
  byId("gate").addEventListener("click", () => {
    if (phone.current().blocked) phone.send("block", { blocked: false });
    else if (phone.current().channel === "zalo") phone.send("follow");
    else phone.send("say", { text: "/start" });
  });
  byId("entry").addEventListener("submit", (event) => { event.preventDefault(); send(); text.focus(); });
  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!menu.hidden && menuKey(event)) { event.preventDefault(); return; }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
    if (event.key === "Escape") stopReplying();
  });

  return { show, replyTo };
}
