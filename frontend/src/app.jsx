import { useEffect, useMemo, useState } from "preact/hooks";
import { Article } from "./article.jsx";
import { Card } from "./card.jsx";
import { Find } from "./find.jsx";
import { List } from "./list.jsx";
import { Map } from "./map.jsx";
import { KINDS, choose } from "./model.js";
import { Network } from "./network.jsx";
import { articleOf, find } from "./texts.js";
import { Timeline } from "./timeline.jsx";

const TABS = { article: "Articles", find: "Search", timeline: "Timeline", network: "Network", map: "Map" };

export function App({ model }) {
  const [filter, setFilter] = useState({
    query: "", kinds: [], category: "", scope: "all", sort: { by: "mentions", down: true },
  });
  const [selected, setSelected] = useState(null); // { entity, number }
  const [article, setArticle] = useState(0);
  const [tab, setTab] = useState("article");
  const [words, setWords] = useState(""); // what is searched in the texts
  const [look, setLook] = useState({ at: "mention" }); // what the article scrolls to; a new object scrolls again
  const found = useMemo(() => find(model, words), [model, words]);
  const [hit, setHit] = useState(0);
  const shown = useMemo(
    () => choose(model, filter, { view: () => new Set([article]), found: () => new Set(found.list.map(({ index }) => index)) }),
    [model, filter, filter.scope === "view" && article, filter.scope === "found" && found],
  );
  const change = (part) => setFilter((old) => ({ ...old, ...part }));

  const select = (entity, number = 0, { stay = false } = {}) => {
    setSelected({ entity, number });
    if (stay || !entity.mentions.length) return;
    setArticle(entity.mentions[number][0]);
    setLook({ at: "mention" });
    setTab("article");
  };
  const open = (index) => {
    setArticle(index);
    setLook({ at: "top" });
    setTab("article");
  };
  const openHit = (number) => {
    setHit(number);
    setArticle(articleOf(found, number).index);
    setLook({ at: "hit" });
    setTab("article");
  };
  const search = (query) => {
    setWords(query);
    setHit(0);
  };

  const views = {
    article: () => (
      <Article model={model} index={article} selected={selected} look={look} open={open}
        found={found} hit={hit} openHit={openHit} results={() => setTab("find")} endSearch={() => search("")}
        select={(entity, number) => select(entity, number)} />
    ),
    find: () => (
      <Find model={model} query={words} setQuery={search} found={found}
        open={({ index, count, before }) => (count ? openHit(before) : open(index))} />
    ),
    timeline: () => <Timeline model={model} selected={selected} />,
    network: () => <Network model={model} selected={selected} select={(entity) => select(entity, 0, { stay: true })} />,
    map: () => <Map model={model} selected={selected} select={(entity) => select(entity, 0, { stay: true })} />,
  };
  return (
    <>
      <header>
        <h1>{model.title}</h1>
        <p>
          {model.entities.length.toLocaleString("en")} entities in {model.articles.length.toLocaleString("en")}{" "}
          {model.articles.length === 1 ? "article" : "articles"}
        </p>
        <Theme />
      </header>
      <section class="entities" aria-label="Entities">
        <Filters model={model} filter={filter} change={change} count={shown.length} />
        <List rows={shown} selected={selected} sort={filter.sort} setSort={(sort) => change({ sort })} select={select} />
      </section>
      <main>
        {selected && (
          <Card model={model} selected={selected} open={open}
            go={(number) => select(selected.entity, number)}
            close={() => setSelected(null)} />
        )}
        <Tabs tab={tab} setTab={setTab} />
        <div class="view" role="tabpanel" id="view" aria-labelledby={`tab-${tab}`} tabIndex={0}>{views[tab]()}</div>
      </main>
    </>
  );
}

function Filters({ model, filter, change, count }) {
  const toggle = (kind) =>
    change({ kinds: filter.kinds.includes(kind) ? filter.kinds.filter((k) => k !== kind) : [...filter.kinds, kind] });
  return (
    <form class="filters" role="search" aria-label="Entities" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name <input type="search" value={filter.query} onInput={(event) => change({ query: event.currentTarget.value })} />
      </label>
      <fieldset>
        <legend class="hidden">Kinds</legend>
        {Object.entries(KINDS).map(([kind, label]) => (
          <button type="button" key={kind} class={`chip ${kind}`} aria-pressed={filter.kinds.includes(kind)} onClick={() => toggle(kind)}>
            {label}
          </button>
        ))}
      </fieldset>
      {model.categories.length > 0 && (
        <label>
          Category{" "}
          <select value={filter.category} onChange={(event) => change({ category: event.currentTarget.value })}>
            <option value="">all</option>
            {model.categories.map((name) => <option key={name} value={name}>{name.replaceAll("_", " ")}</option>)}
          </select>
        </label>
      )}
      <label>
        In articles{" "}
        <select value={filter.scope} onChange={(event) => change({ scope: event.currentTarget.value })}>
          <option value="all">all</option>
          <option value="view">the one in view</option>
          <option value="found">found by the text search</option>
        </select>
      </label>
      <p role="status">{count.toLocaleString("en")} shown</p>
    </form>
  );
}

function Tabs({ tab, setTab }) {
  const names = Object.keys(TABS);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = names[(names.indexOf(tab) + step + names.length) % names.length];
    setTab(next);
    document.getElementById(`tab-${next}`).focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={move}>
      {names.map((name) => (
        <button key={name} role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls="view"
          tabIndex={tab === name ? 0 : -1} onClick={() => setTab(name)}>
          {TABS[name]}
        </button>
      ))}
    </div>
  );
}

function Theme() {
  const [theme, setTheme] = useState(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  useEffect(() => { document.documentElement.dataset.theme = theme; }, [theme]);
  const other = theme === "dark" ? "light" : "dark";
  return <button type="button" onClick={() => setTheme(other)}>Use {other} colours</button>;
}
