// Full-text search over the articles, without regard to case and accents.

const ASCII = /^[\x00-\x7f]*$/;
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

// Folds a text so that every offset stays what it was.
function folded(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = text.replace(/[^\x00-\x7f]/gu, (char) => {
    const bare = char.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return bare.length === char.length ? bare : char;
  });
  return plain.toLowerCase().length === text.length ? plain.toLowerCase() : plain;
}

// The pattern of a word or phrase; Latin words are found where they begin: "air" in "aircraft", not in "affair".
function source(word) {
  const begins = /^[a-z0-9]/.test(word) ? "(?<![a-z0-9])" : "";
  return begins + word.replace(SPECIAL, "\\$&").replace(/\s+/g, "\\s+");
}

// Words to find, all of them; "in quotes" is one.
function wordsOf(query) {
  const found = [...query.matchAll(/"([^"]+)"?|[^\s"]+/g)].map(([whole, quoted]) => folded(quoted ?? whole).trim());
  return [...new Set(found.filter((word) => word.length > 1))];
}

const cache = new WeakMap(); // model -> folded texts
function textsOf(model) {
  if (!cache.has(model)) cache.set(model, model.articles.map(({ text }) => folded(text ?? "")));
  return cache.get(model);
}

// The articles that have every word, in order, with the number of hits before each; all articles when nothing is asked.
export function find(model, query) {
  const words = wordsOf(query);
  if (!words.length) {
    return { words, total: 0, list: model.articles.map((_, index) => ({ index, count: 0, before: 0 })) };
  }
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const pattern = longestFirst.map(source).join("|");
  const each = words.map((word) => new RegExp(source(word)));
  const list = [];
  let total = 0;
  textsOf(model).forEach((text, index) => {
    const title = folded(model.articles[index].title);
    if (!each.every((word) => word.test(text) || word.test(title))) return;
    const count = [...text.matchAll(new RegExp(pattern, "g"))].length;
    list.push({ index, count, before: total });
    total += count;
  });
  return { words, total, list, pattern };
}

// Where the words are in one article: [[start, end], ...]
export function hits(model, found, index) {
  if (!found.words.length) return [];
  const matches = textsOf(model)[index].matchAll(new RegExp(found.pattern, "g"));
  return [...matches].map((match) => [match.index, match.index + match[0].length]);
}

// The article that holds a hit, by the hit's number among all.
export const articleOf = (found, number) => found.list.findLast(({ before, count }) => count && before <= number);

const AROUND = 60; // characters shown before and after a hit

// The first hit with what is around it, else how the article begins.
export function snippet(text, [first]) {
  if (text == null) return ["", "", ""];
  const tidy = (part) => part.replace(/\s+/g, " ");
  if (!first) return [tidy(text.slice(0, 3 * AROUND)), "", ""];
  const [start, end] = first;
  const from = Math.max(0, start - AROUND);
  return [(from ? "…" : "") + tidy(text.slice(from, start)), text.slice(start, end), tidy(text.slice(end, end + 2 * AROUND))];
}

// Cuts a piece of text that begins at an offset into hits and the rest: [{ text, hit }, ...], `hit` the place in `all`.
export function cut(text, offset, all) {
  const found = [];
  let at = 0;
  all.forEach(([start, end], number) => {
    const from = Math.max(start - offset, at), to = Math.min(end - offset, text.length);
    if (to <= from) return;
    if (from > at) found.push({ text: text.slice(at, from) });
    found.push({ text: text.slice(from, to), hit: number });
    at = to;
  });
  found.push({ text: text.slice(at) });
  return found;
}
