// Text with entities, drawn as nodes. Offsets are UTF-16 code units, which is how JavaScript counts too.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const LOCAL_PHONE = /(?<![\d+])(?:\+84|0)(?:[ .-]?\d){8,10}(?!\d)/g;

// `act` says what tapping does: {command, link, copy}.
export function formatted(text, entities, act) {
  return pieces(text, [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length), 0, text.length, act);
}

function pieces(text, entities, from, to, act) {
  const holder = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i], end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at) continue;
    const inner = entities.slice(i + 1).filter((e) => e.offset >= entity.offset && e.offset + e.length <= end);
    holder.append(plain(text.slice(at, entity.offset)), element(text, entity, inner, end, act));
    // A block ends its line by itself: the line break after it would show as an empty line.
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
  }
  holder.append(plain(text.slice(at, to)));
  return holder;
}

function element(text, entity, inner, end, act) {
  const source = text.slice(entity.offset, end);
  const node = tappable(entity, source, act);
  if (entity.type === "phone_number") node.append(source);
  else node.append(pieces(text, inner, entity.offset, end, act));
  return node;
}

function tappable(entity, source, act) {
  switch (entity.type) {
    case "bot_command": return asButton("command", () => act.command(source));
    case "text_link": return asLink(entity.url, act);
    case "url": return asLink(/^https?:/i.test(source) ? source : `http://${source}`, act);
    case "email": return asLink(`mailto:${source}`, act);
    case "phone_number": return asLink(`tel:${source.replace(/[^\d+]/g, "")}`, act);
    case "spoiler": return spoiler();
    case "code": return copied("code", source, act);
    case "pre": return copied("pre", source, act);
    default: return document.createElement(TAGS[entity.type] ?? "span");
  }
}

export function asLink(url, act) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.addEventListener("click", (event) => { if (act.link(url)) event.preventDefault(); });
  return link;
}

function asButton(name, tapped) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = name;
  button.addEventListener("click", tapped);
  return button;
}

function copied(tag, source, act) {
  const node = document.createElement(tag);
  node.title = "Chạm để chép";
  node.addEventListener("click", () => act.copy(source));
  return node;
}

function spoiler() {
  const button = asButton("spoiler", () => button.classList.add("seen"));
  button.setAttribute("aria-label", "Nội dung ẩn, chạm để xem");
  return button;
}

// Phones make local numbers tappable by themselves, and so do we.
function plain(text) {
  const holder = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(LOCAL_PHONE)) {
    const link = document.createElement("a");
    link.href = `tel:${found[0].replace(/[^\d+]/g, "")}`;
    link.append(found[0]);
    holder.append(text.slice(at, found.index), link);
    at = found.index + found[0].length;
  }
  holder.append(text.slice(at));
  return holder;
}
