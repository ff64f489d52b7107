// The page of phones: one person at a time, everybody's chats kept up to date by the stream of events. A phone has the chat with the
// bot, and the groups that its person is in.

import { bubble, initials, make, markWaiting, summary } from "./bubble.js";
import { composer } from "./composer.js";
import { drawRooms } from "./rooms.js";
import { clockText, dayKey, dayName, now, setNow, shortTime } from "./time.js";
import { isZalo, windowText } from "./zalo.js";

const byId = (id) => document.getElementById(id);
const list = byId("messages");
const persons = new Map(); // id → {…person, messages: Map, unread, group: id of the group that is open on the phone, or null}
const groups = new Map(); // id → {…group, messages: Map, unread: Map person id → number}
const waiting = new Map(); // press id → {person, message, data}
let bot = { name: "", username: "" }, currentId = null, below = 0, toastTimer = 0, typingTimer = 0;

const current = () => persons.get(currentId);
const group = () => groups.get(current()?.group);
const room = () => group() ?? current();
const groupsOf = (person) => [...groups.values()].filter((each) => each.members.includes(person.id));
const unreadOf = (person) => groupsOf(person).reduce((sum, each) => sum + (each.unread.get(person.id) ?? 0), person.unread);

// What a person does --------------------------------------------------------------------------------------------------

async function post(path, body) {
  let answer;
  try {
    answer = await (await fetch(`sandbox/${path}`, body)).json();
  } catch {
    answer = { error: "Máy chủ không trả lời." };
  }
  if (answer.error) toast(answer.error);
  return answer;
}

const json = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const send = (path, body) => post(path, json({ person: currentId, group: group()?.id ?? null, ...body }));

async function upload(kind, file) {
  const query = new URLSearchParams({ person: currentId, name: file.name, kind });
  await post(`file?${query}`, { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file });
}

async function tap(message, button, node) {
  switch (button.kind) {
    case "url": if (!openLink(button.value)) window.open(button.value, "_blank", "noopener"); break;
    case "copy_text": copy(button.value); break;
    case "call": window.open(`tel:${button.value.replace(/[^\d+]/g, "")}`); break;
    case "rate": if (!(await send("rate", { message: message.id, data: button.value })).error) toast(`Đã chấm ${button.value} sao.`); break;
    case "tap": case "form": case "quick_reply": await send(button.kind, { message: message.id, data: button.value }); break;
    case "callback_data":
      markWaiting(node, true);
      if ((await send("tap", { message: message.id, data: button.value })).error) markWaiting(node, false);
      break;
    default: toast("Trang chạy thử chưa có loại nút này.");
  }
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast("Đã chép.");
  } catch {
    toast("Trình duyệt không cho chép.");
  }
}

// A link to the bot itself opens here: from a group on this very phone, as in Telegram; from a private chat on the phone of whoever it
// is meant for, since it is there to be passed on.
function openLink(url) {
  if (isZalo(current()) && /^https?:\/\/zalo\.me\//i.test(url)) return true; // this very chat
  const own = new RegExp(`^(https?://)?t\\.me/${bot.username}/?(\\?start=[A-Za-z0-9_-]*)?$`, "i");
  const link = passedOn(url) ?? url;
  if (!own.test(link)) return false;
  if (group()) {
    follow(current(), link);
    return true;
  }
  const dialog = byId("link-dialog");
  byId("link-persons").replaceChildren(...[...persons.values()].filter((person) => !isZalo(person)).map((person) => {
    const button = make("button", "row", avatar(person), make("span", "", person.name, make("small", "", person.role)));
    button.type = "button";
    button.addEventListener("click", () => { dialog.close(); follow(person, link); });
    return button;
  }));
  dialog.showModal();
  return true;
}

// What Telegram's own "share" link (t.me/share/url?url=…) would pass on to somebody.
function passedOn(url) {
  const shared = /^https?:\/\/t\.me\/share\/url\?(.*)$/i.exec(url);
  return shared && new URLSearchParams(shared[1]).get("url");
}

function follow(person, link) {
  person.group = null;
  open(person.id);
  send("link", { url: link });
}

// What a person sees --------------------------------------------------------------------------------------------------

const chat = {
  find: (id) => room().messages.get(id),
  waiting: (id, data) => [...waiting.values()].some((press) => press.message === id && press.person === currentId && press.data === data),
  isMine: (message) => message.sender === currentId,
  nameOf: (message) => (message.from_bot ? current().account ?? bot.name : persons.get(message.sender)?.name ?? ""),
  sender: (message) => (group() && message.sender !== currentId ? chat.nameOf(message) : ""),
  command: (text) => send("say", { text: addressed(text) }),
  link: openLink,
  copy,
  tap,
  replyTo: (message) => entry.replyTo(message),
  enlarge: (url, alt) => { Object.assign(byId("picture-image"), { src: url, alt }); byId("picture").showModal(); },
  show: (id) => {
    const node = nodeOf(id);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1200);
  },
};
const entry = composer({ current: () => shown(), send, upload, addressed: (text) => addressed(text), nameOf: chat.nameOf });
const nodeOf = (id) => list.querySelector(`[data-id="${id}"]`);
const tone = (person) => `tone-${[...persons.keys()].indexOf(person.id) % 7}`;
const avatar = (person) => make("span", `avatar ${tone(person)}`, initials(person.name));
const atBottom = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
const toBottom = () => { list.scrollTop = list.scrollHeight; };

// The open chat as the composer needs it.
function shown() {
  const person = current(), inside = group();
  if (!inside) return { ...person, place: String(person.id), is_group: false };
  const closed = { keyboard: null, started: true, blocked: false };
  return { ...person, ...closed, commands: inside.commands[person.id] ?? [], place: `${person.id}:${inside.id}`, is_group: true };
}

// In a group a tapped command names its bot.
const addressed = (text) => (group() ? text.replace(/^\/\w+(?!\w|@)/, (command) => `${command}@${bot.username}`) : text);

function open(id, groupId = persons.get(id).group) {
  currentId = id;
  current().group = groupId;
  if (group()) group().unread.delete(id);
  else current().unread = 0;
  below = 0;
  byId("toast").hidden = true;
  history.replaceState(null, "", `#${id}`);
  drawPersons();
  drawChat();
  if (isZalo(current()) && current().messages.size) send("see");
  document.querySelector(".persons .current").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function drawChat() {
  const person = current();
  byId("chat-name").textContent = group()?.name ?? person.account ?? bot.name;
  document.querySelector(".phone").classList.toggle("zalo", isZalo(person));
  byId("bot-icon").toggleAttribute("hidden", Boolean(group()) || isZalo(person));
  byId("zalo-icon").toggleAttribute("hidden", !isZalo(person));
  byId("group-icon").toggleAttribute("hidden", !group());
  status();
  blockButton(person);
  list.replaceChildren();
  let day = "";
  for (const message of room().messages.values()) {
    if (dayKey(message.at) !== day) list.append(separator(message.at));
    day = dayKey(message.at);
    list.append(bubble(message, chat));
  }
  if (!room().messages.size) list.append(welcome(person));
  entry.show(shown());
  toBottom();
  showBelow();
}

function blockButton(person) {
  const button = byId("block"), words = isZalo(person) ? "Bỏ quan tâm" : "Chặn bot";
  button.hidden = Boolean(group()) || !person.started || person.blocked || (isZalo(person) && !person.follows);
  button.title = words;
  button.setAttribute("aria-label", words);
}

function welcome(person) {
  if (group()) return make("p", "welcome", make("strong", "", group().name), `${group().members.length} thành viên và bot. Gõ “/” để hỏi bot ngay trong nhóm.`);
  if (isZalo(person)) return make("p", "welcome", make("strong", "", person.account), `Đây là Zalo của ${person.name}. ${person.channel === "zalo" ? "Bấm “Quan tâm”, hoặc nhắn luôn." : "Bot này không có nút: gõ số hoặc chữ cái để chọn, gõ /trogiup để xem cách dùng."}`);
  return make("p", "welcome", make("strong", "", bot.name), `Đây là máy của ${person.name}. Bấm “Bắt đầu” để trò chuyện với bot.`);
}

function status(typing = false) {
  const person = current();
  const inGroup = group() && `${group().members.length} thành viên${group().has_bot ? "" : ", bot đã ra khỏi nhóm"} · máy của ${person.name}`;
  const state = inGroup ? inGroup : person.blocked ? "đã chặn bot" : typing ? "đang soạn tin…" : isZalo(person) ? `${person.name} · ${windowText(person)}` : `máy của ${person.name}${person.role ? ` · ${person.role}` : ""}`;
  byId("chat-status").textContent = state;
  byId("chat-status").classList.toggle("typing", typing);
}

function separator(at) {
  const node = make("p", "day", make("span", "", dayName(at)));
  node.dataset.day = at;
  return node;
}

function drawMessage(place, message) {
  const isNew = !place.messages.has(message.id);
  place.messages.set(message.id, message);
  if (isNew) countUnread(place, message);
  if (place !== room()) return;
  const stay = atBottom(), fresh = bubble(message, chat);
  if (isNew) {
    list.querySelector(".welcome")?.remove();
    const last = list.querySelector(".day:last-of-type");
    if (!last || dayKey(last.dataset.day) !== dayKey(message.at)) list.append(separator(message.at));
    fresh.classList.add("new");
    list.append(fresh);
    if (message.from_bot) status();
    if (message.asks_reply) entry.replyTo(message);
    if (!stay && !chat.isMine(message)) below += 1;
  } else {
    const focused = document.activeElement?.closest?.(`[data-id="${message.id}"]`) ? document.activeElement.dataset.data : null;
    nodeOf(message.id)?.replaceWith(fresh);
    if (focused) fresh.querySelector(`[data-data="${CSS.escape(focused)}"]`)?.focus();
  }
  if (stay || chat.isMine(message)) toBottom();
  showBelow();
}

function countUnread(place, message) {
  if (place.members) {
    for (const id of place.members) {
      if (id !== message.sender && !(id === currentId && place === room())) place.unread.set(id, (place.unread.get(id) ?? 0) + 1);
    }
  } else if (place !== room() && message.from_bot) place.unread += 1;
}

function drawPersons() {
  const items = [...persons.values()].map((person) => {
    const last = [...person.messages.values()].at(-1), unread = unreadOf(person);
    const button = make("button", person.id === currentId ? "current" : "", avatar(person),
      make("span", "person-name", person.name), ...(isZalo(person) ? [make("span", "app", person.app)] : []), make("span", "person-role", person.role),
      make("span", "person-last", last ? summary(last) : "Chưa trò chuyện"),
      make("time", "person-time", last ? shortTime(last.at) : ""));
    button.type = "button";
    button.dataset.testid = `person-${person.id}`;
    button.setAttribute("aria-label", [person.name, person.app, person.role, unread ? `${unread} tin mới` : ""].filter(Boolean).join(", "));
    if (person.id === currentId) button.setAttribute("aria-current", "true");
    if (unread) {
      const badge = make("span", "badge", String(unread));
      badge.dataset.testid = `unread-${person.id}`;
      button.append(badge);
    }
    button.addEventListener("click", () => open(person.id));
    return make("li", "", button);
  });
  const focused = document.activeElement?.dataset?.testid;
  byId("persons").replaceChildren(...items);
  if (focused?.startsWith("person-")) byId("persons").querySelector(`[data-testid="${focused}"]`)?.focus();
  const unread = [...persons.values()].reduce((sum, person) => sum + unreadOf(person), 0);
  drawRooms(current(), groupsOf(current()), bot.name, (id) => open(currentId, id));
  document.title = `${unread ? `(${unread}) ` : ""}${bot.name} · chạy thử`;
}

function showBelow() {
  if (atBottom()) below = 0;
  byId("to-bottom").hidden = atBottom();
  byId("below").hidden = below === 0;
  byId("below").textContent = below;
}

function toast(words) {
  const node = byId("toast");
  node.textContent = words;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 4000);
}

function drawClock() {
  if (!persons.size) return;
  byId("clock").textContent = clockText();
  byId("clock").dateTime = now().toISOString();
  if (current() && isZalo(current())) status();
}

// What the stream of events tells -------------------------------------------------------------------------------------

function keep(person, messages = []) {
  const known = persons.get(person.id);
  const kept = known ? Object.assign(known, person) : { ...person, messages: new Map(), unread: 0, group: null };
  for (const message of messages) kept.messages.set(message.id, message);
  persons.set(person.id, kept);
  return kept;
}

function keepGroup(told, messages = []) {
  const kept = Object.assign(groups.get(told.id) ?? { messages: new Map(), unread: new Map() }, told);
  for (const message of messages) kept.messages.set(message.id, message);
  groups.set(told.id, kept);
}

const keyOf = (words) => (/^\d+$/.test(words) ? Number(words) : words);

const heard = {
  state(state) {
    bot = state.bot;
    byId("bot-name").textContent = bot.name;
    setNow(state.now);
    const before = new Map(persons);
    persons.clear();
    waiting.clear();
    for (const { messages, ...person } of state.persons) {
      const { unread = 0, group: inside = null } = before.get(person.id) ?? {};
      Object.assign(keep(person, messages), { unread, group: inside });
    }
    for (const { messages, ...told } of state.groups) {
      groups.get(told.id)?.messages.clear();
      keepGroup(told, messages);
    }
    const wanted = currentId ?? keyOf(decodeURIComponent(location.hash.slice(1)));
    if (persons.size) open(persons.has(wanted) ? wanted : [...persons.keys()][0]);
    byId("offline").hidden = true;
    drawClock();
    document.body.dataset.ready = "true";
  },
  message({ person, group: groupId, message }) {
    const place = person ? keep(person) : groups.get(groupId);
    drawMessage(place, message);
    if (place === current() && place === room()) {
      status();
      entry.show(shown());
      if (isZalo(place) && message.from_bot && !message.seen) send("see");
    }
    drawPersons();
  },
  removed({ chat: id, message }) {
    const place = persons.get(id) ?? groups.get(id);
    place?.messages.delete(message);
    if (place === room()) nodeOf(message)?.remove();
    drawPersons();
  },
  pressed(press) {
    waiting.set(press.id, press);
    setTimeout(() => forget(press.id), 20_000);
  },
  answered(press) {
    forget(press.id);
    if (press.person !== currentId) return;
    if (press.answer.url) openLink(press.answer.url);
    if (!press.answer.text) return;
    if (!press.answer.alert) return toast(press.answer.text);
    byId("alert-text").textContent = press.answer.text;
    byId("alert").showModal();
  },
  person(person) {
    keep(person);
    if (currentId === null) open(person.id);
    else if (person.id === currentId) { status(); blockButton(current()); entry.show(shown()); }
    drawPersons();
  },
  group(told) {
    keepGroup(told);
    if (!current()) return;
    if (group()?.id === told.id) status();
    drawPersons();
  },
  commands({ persons: changed, groups: changedGroups }) {
    changed.forEach((person) => keep(person));
    changedGroups.forEach((told) => keepGroup(told));
    if (current()) entry.show(shown());
  },
  typing({ chat: id }) {
    if (id !== room()?.id) return;
    status(true);
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => status(), 5000);
  },
  clock({ now: moment }) {
    setNow(moment);
    drawClock();
    list.querySelectorAll(".day").forEach((node) => { node.firstChild.textContent = dayName(node.dataset.day); });
    drawPersons();
  },
};

function forget(id) {
  const press = waiting.get(id);
  waiting.delete(id);
  if (press?.person !== currentId) return;
  const buttons = nodeOf(press.message)?.querySelectorAll(`[data-data="${CSS.escape(press.data)}"]`) ?? [];
  buttons.forEach((node) => markWaiting(node, chat.waiting(press.message, press.data)));
}

function listen() {
  const events = new EventSource("sandbox/events");
  for (const [name, handle] of Object.entries(heard)) events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  events.addEventListener("error", () => { byId("offline").hidden = false; });
}

async function wind(button) {
  const buttons = document.querySelectorAll(".clock-buttons button");
  buttons.forEach((each) => { each.disabled = true; });
  button.setAttribute("aria-busy", "true");
  const { hours, to } = button.dataset;
  const answer = await post("clock", json(to ? { to } : { hours: Number(hours) }));
  button.removeAttribute("aria-busy");
  buttons.forEach((each) => { each.disabled = false; });
  if (answer.pushed === false) toast("Chưa có lần nhắc nào được hẹn.");
}

document.querySelector(".clock-buttons").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) wind(button);
});
byId("block").addEventListener("click", () => send("block", { blocked: true }));
byId("to-bottom").addEventListener("click", toBottom);
list.addEventListener("scroll", showBelow, { passive: true });
window.addEventListener("resize", () => { if (current()) showBelow(); });
setInterval(drawClock, 1000);
listen();
