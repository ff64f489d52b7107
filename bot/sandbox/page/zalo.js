// What is different on the phone of a person on Zalo: the window in which the Official Account may write to them.

import { now } from "./time.js";

const HOUR = 3_600_000, FREE = 48 * HOUR, OPEN = 168 * HOUR;

export const isZalo = (person) => Boolean(person.channel);

// How long the account may still write to them, as the line under its name.
export function windowText(person) {
  if (person.channel !== "zalo") return person.app;
  if (!person.interacted_at) return "OA chưa được nhắn trước";
  const past = now() - Date.parse(person.interacted_at);
  if (past < FREE) return `OA nhắn miễn phí ${inWords(FREE - past)} nữa`;
  if (past < OPEN) return `55 ₫ một tin, còn ${inWords(OPEN - past)}`;
  return "quá 7 ngày, chỉ còn tin mẫu";
}

const inWords = (span) => (span >= FREE ? `${Math.floor(span / (24 * HOUR))} ngày` : span >= HOUR ? `${Math.floor(span / HOUR)} giờ` : "chưa đầy 1 giờ");
