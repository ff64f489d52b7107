// The sandbox's clock, shown in Vietnam's time whatever the computer's own zone is.

const ZONE = "Asia/Ho_Chi_Minh";
const format = (options) => new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, ...options });
const HOUR = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = format({ weekday: "long", day: "numeric", month: "long" });
const DAY_AND_YEAR = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const CLOCK_DAY = format({ weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" });
const KEY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

let ahead = 0;

export const setNow = (iso) => { ahead = Date.parse(iso) - Date.now(); };
export const now = () => new Date(Date.now() + ahead);
export const hour = (iso) => HOUR.format(new Date(iso));
export const dayKey = (iso) => KEY.format(new Date(iso));
export const clockText = () => `${capital(CLOCK_DAY.format(now()))} · ${HOUR.format(now())}`;

export function dayName(iso) {
  const key = dayKey(iso), today = now();
  if (key === dayKey(today)) return "Hôm nay";
  if (key === dayKey(new Date(today.getTime() - 86_400_000))) return "Hôm qua";
  return capital((key.slice(0, 4) === dayKey(today).slice(0, 4) ? DAY : DAY_AND_YEAR).format(new Date(iso)));
}

export function shortTime(iso) {
  const key = dayKey(iso);
  return key === dayKey(now()) ? hour(iso) : `${key.slice(8)}/${key.slice(5, 7)}`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
