// The data of the report, indexed. Offsets are UTF-16 units, as JavaScript counts them.

export const KINDS = { person: "People", place: "Places", organisation: "Organisations", equipment: "Equipment" };

export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function load(data) {
  const byArticle = data.articles.map(() => []);
  const entities = data.entities.map((row, index) => {
    const entity = { ...row, index, articles: new Map() };
    entity.search = fold([row.name, ...row.aliases.map(([text]) => text)].join("\n"));
    entity.category = row.attributes.category || "";
    row.mentions.forEach(([article, start, end], number) => {
      entity.articles.set(article, (entity.articles.get(article) || 0) + 1);
      byArticle[article].push({ entity, number, start, end });
    });
    return entity;
  });
  for (const found of byArticle) found.sort((a, b) => a.start - b.start || b.end - a.end);
  const categories = [...new Set(entities.map((entity) => entity.category).filter(Boolean))].sort();
  return { ...data, entities, byArticle, categories };
}

// Cuts an article into plain texts and mentions; of overlapping mentions the first stays.
export function pieces(text, mentions) {
  const found = [];
  let at = 0;
  for (const mention of mentions) {
    if (mention.start < at) continue;
    if (mention.start > at) found.push({ text: text.slice(at, mention.start) });
    found.push({ text: text.slice(mention.start, mention.end), mention });
    at = mention.end;
  }
  found.push({ text: text.slice(at) });
  return found;
}

const ORDERS = {
  name: (a, b) => a.name.localeCompare(b.name),
  kind: (a, b) => a.kind.localeCompare(b.kind),
  mentions: (a, b) => a.mentions.length - b.mentions.length,
  articles: (a, b) => a.articles.size - b.articles.size,
};

// `scopes` gives, by name, the articles to which the rows are limited.
export function choose(model, { query, kinds, category, scope, sort }, scopes) {
  const articles = scopes[scope]?.();
  const words = fold(query).split(/\s+/).filter(Boolean);
  const found = model.entities.filter(
    (entity) =>
      (!kinds.length || kinds.includes(entity.kind)) &&
      (!category || entity.category === category) &&
      (!articles || [...entity.articles.keys()].some((index) => articles.has(index))) &&
      words.every((word) => entity.search.includes(word)),
  );
  const sign = sort.down ? -1 : 1;
  return found.sort((a, b) => sign * ORDERS[sort.by](a, b) || a.index - b.index);
}

// Why a mention is in its entity: the receipt that names its spelling, nearest first.
export function reason(entity, number) {
  const [article, start, , text] = entity.mentions[number];
  const about = entity.why.filter((receipt) => receipt.left === text || receipt.right === text);
  const near = (receipt) => (receipt.article === article ? Math.abs(receipt.start - start) : Infinity);
  return about.sort((a, b) => near(a) - near(b))[0] || null;
}

const DAY = 86_400_000;

// Mentions by day, month or year: [[label, count], ...] without gaps.
export function timeline(model, entity) {
  const dated = model.articles.map((article) => /^\d{4}-\d{2}-\d{2}/.test(article.published) ? article.published.slice(0, 10) : "");
  const all = dated.filter(Boolean).sort();
  if (!all.length) return { unit: "day", bars: [] };
  const days = (Date.parse(all[all.length - 1]) - Date.parse(all[0])) / DAY;
  const unit = days <= 62 ? "day" : days <= 366 * 6 ? "month" : "year";
  const length = { day: 10, month: 7, year: 4 }[unit];
  const bars = new Map();
  const date = new Date(Date.parse(all[0].slice(0, length).padEnd(10, "-01")));
  for (let label = all[0].slice(0, length); label <= all[all.length - 1].slice(0, length); ) {
    bars.set(label, 0);
    if (unit === "day") date.setUTCDate(date.getUTCDate() + 1);
    else if (unit === "month") date.setUTCMonth(date.getUTCMonth() + 1);
    else date.setUTCFullYear(date.getUTCFullYear() + 1);
    label = date.toISOString().slice(0, length);
  }
  const count = (article, number) => {
    const label = dated[article].slice(0, length);
    if (label) bars.set(label, (bars.get(label) || 0) + number);
  };
  if (entity) entity.articles.forEach((number, article) => count(article, number));
  else model.byArticle.forEach((found, article) => count(article, found.length));
  return { unit, bars: [...bars] };
}
