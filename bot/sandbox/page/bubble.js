// One message, drawn as a bubble with its buttons.

import { asLink, formatted } from "./text.js";
import { hour } from "./time.js";

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// `chat` gives what surrounds the message: `find(id)`, `waiting(id, data)`, and what tapping does.
export function bubble(message, chat) {
  const node = make("article", `message ${chat.isMine(message) ? "person" : "bot"} ${message.kind}`);
  node.dataset.testid = "message";
  node.dataset.id = message.id;
  node.dataset.from = message.from_bot ? "bot" : "person";
  const sender = chat.sender(message);
  node.setAttribute("aria-label", `${sender || (message.from_bot ? "Bot" : "Bạn")}, ${hour(message.at)}`);
  const box = make("div", "box");
  if (sender) box.append(make("p", "sender", sender));
  if (message.label) box.append(make("p", "forwarded", message.label));
  if (message.forwarded_from) box.append(make("p", "forwarded", "Chuyển tiếp từ ", make("strong", "", message.forwarded_from)));
  const answered = message.reply_to && chat.find(message.reply_to);
  if (answered) box.append(quote(answered, chat));
  box.append(...content(message, chat));
  const line = make("div", "line", box, replyButton(message, chat));
  node.append(line);
  if (message.buttons.length) node.append(keyboard(message, chat));
  return node;
}

function content(message, chat) {
  const parts = [];
  if (message.kind === "photo") parts.push(photo(message, chat));
  else if (message.kind === "voice") parts.push(voice(message.file));
  else if (message.file) parts.push(documentLink(message.file));
  if (message.contact) parts.push(contact(message.contact));
  if (message.location) parts.push(place(message.location, chat));
  const text = make("div", "text");
  text.dataset.testid = "text";
  if (message.text) text.append(formatted(message.text, message.entities, chat));
  const stamp = make("span", "stamp", ...(message.edited ? [make("i", "", "đã sửa")] : []), hour(message.at));
  if (chat.isMine(message)) stamp.append(ticks());
  text.append(stamp);
  parts.push(text);
  return parts;
}

function ticks() {
  const seen = make("span", "ticks");
  seen.setAttribute("aria-label", "đã gửi");
  seen.setAttribute("role", "img");
  return seen;
}

function quote(message, chat) {
  const button = make("button", "quote", make("strong", "", chat.nameOf(message)),
    make("span", "", summary(message)));
  button.type = "button";
  button.addEventListener("click", () => chat.show(message.id));
  return button;
}

export function summary(message) {
  const kinds = { photo: "🖼️ Ảnh", document: `📎 ${message.file?.name ?? "Tệp"}`, voice: "🎤 Tin thoại", contact: "👤 Danh bạ", location: "📍 Vị trí" };
  return [kinds[message.kind], message.text].filter(Boolean).join(" · ").replace(/\s+/g, " ").slice(0, 120);
}

function replyButton(message, chat) {
  const button = make("button", "reply");
  button.type = "button";
  button.title = "Trả lời";
  button.setAttribute("aria-label", "Trả lời tin này");
  button.dataset.testid = "reply-button";
  button.addEventListener("click", () => chat.replyTo(message));
  return button;
}

function photo(message, chat) {
  const image = make("img");
  image.src = message.file.url;
  image.width = message.file.width;
  image.height = message.file.height;
  image.alt = message.text || "Ảnh";
  const button = make("button", "shot", image);
  button.type = "button";
  button.addEventListener("click", () => chat.enlarge(message.file.url, image.alt));
  return button;
}

function documentLink(file) {
  const link = make("a", "file", make("span", "file-icon", extension(file.name)),
    make("span", "file-words", make("strong", "", file.name), make("small", "", size(file.size))));
  link.href = `${file.url}?download`;
  link.download = file.name;
  link.dataset.testid = "file";
  return link;
}

function voice(file) {
  const player = make("audio");
  player.controls = true;
  player.preload = "none";
  player.src = file.url;
  return player;
}

function contact(card) {
  const link = make("a", "", card.phone);
  link.href = `tel:${card.phone}`;
  return make("div", "card", make("span", "avatar tone-3", initials(card.name)), make("span", "file-words", make("strong", "", card.name), link));
}

function place(point, chat) {
  const words = `${point.latitude.toFixed(4)}, ${point.longitude.toFixed(4)}`;
  const link = asLink(`https://www.openstreetmap.org/?mlat=${point.latitude}&mlon=${point.longitude}&zoom=16`, chat);
  link.append(make("span", "file-icon", "📍"), make("span", "file-words", make("strong", "", "Vị trí"), make("small", "", words)));
  link.className = "file";
  return link;
}

function keyboard(message, chat) {
  const rows = message.buttons.map((row) => make("div", "row", ...row.map((button) => inlineButton(message, button, chat))));
  const group = make("div", "inline-keyboard", ...rows);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Các nút của tin này");
  return group;
}

function inlineButton(message, button, chat) {
  const node = make("button", `inline ${button.kind}`, make("span", "", button.text));
  node.type = "button";
  node.dataset.testid = "inline-button";
  node.dataset.data = button.value;
  if (chat.waiting(message.id, button.value)) markWaiting(node, true);
  node.addEventListener("click", () => chat.tap(message, button, node));
  return node;
}

export function markWaiting(node, waiting) {
  node.classList.toggle("waiting", waiting);
  if (waiting) node.setAttribute("aria-busy", "true");
  else node.removeAttribute("aria-busy");
}

export const initials = (name) => name.split(/\s+/).slice(-2).map((word) => [...word][0] ?? "").join("").toUpperCase();
const extension = (name) => (name.includes(".") ? name.split(".").pop() : "tệp").slice(0, 4).toUpperCase();

function size(bytes) {
  const units = ["byte", "KB", "MB"];
  let value = bytes, unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
  return `${value.toLocaleString("vi-VN", { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}
