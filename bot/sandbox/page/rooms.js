// The chats of a phone: the one with the bot, and the groups that its person is in.

import { make } from "./bubble.js";

// `open(id)` opens a group, or the chat with the bot for null.
export function drawRooms(person, groups, botName, open) {
  const rooms = document.getElementById("rooms");
  rooms.hidden = groups.length === 0;
  const all = [{ id: null, name: botName, unread: person.unread }];
  all.push(...groups.map((group) => ({ id: group.id, name: group.name, unread: group.unread.get(person.id) ?? 0 })));
  const focused = document.activeElement?.dataset?.testid;
  rooms.replaceChildren(...all.map((room) => tab(room, room.id === person.group, open)));
  if (focused?.startsWith("room-")) rooms.querySelector(`[data-testid="${focused}"]`)?.focus();
}

function tab(room, isOpen, open) {
  const button = make("button", "room", make("span", "", room.name));
  button.type = "button";
  button.dataset.testid = `room-${room.id ?? "bot"}`;
  button.setAttribute("aria-pressed", String(isOpen));
  if (room.unread) button.append(make("span", "badge", String(room.unread)));
  button.addEventListener("click", () => open(room.id));
  return button;
}
