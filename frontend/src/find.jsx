import { useEffect, useRef } from "preact/hooks";
import { hits, snippet } from "./texts.js";
import { useVirtual } from "./virtual.js";

const ROW = 84; // pixels; style.css has the same

export function Find({ model, query, setQuery, found, open }) {
  const box = useRef(null);
  const virtual = useVirtual({
    count: found.list.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 6,
  });
  useEffect(() => { box.current.scrollTop = 0; }, [query]);
  const items = virtual.getVirtualItems();
  const before = items.length ? items[0].start : 0;
  const after = items.length ? virtual.getTotalSize() - items[items.length - 1].end : 0;
  const articles = `${found.list.length.toLocaleString("en")} of ${model.articles.length.toLocaleString("en")} articles`;
  return (
    <section class="find" aria-labelledby="find-title">
      <h2 id="find-title">Search the texts</h2>
      <form role="search" aria-label="Texts" onSubmit={(event) => event.preventDefault()}>
        <label>
          Words, or a "phrase"{" "}
          <input type="search" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
        </label>
        <p role="status">
          {found.words.length ? `${found.total.toLocaleString("en")} ${found.total === 1 ? "hit" : "hits"} in ${articles}` : articles}
        </p>
      </form>
      <div class="found" ref={box}>
        <ul>
          {before > 0 && <li aria-hidden="true" style={{ height: before }} />}
          {items.map(({ index }) => (
            <Result key={found.list[index].index} model={model} found={found} row={found.list[index]} place={index} open={open} />
          ))}
          {after > 0 && <li aria-hidden="true" style={{ height: after }} />}
        </ul>
        {!found.list.length && <p class="none">No article has all these words.</p>}
      </div>
    </section>
  );
}

function Result({ model, found, row, place, open }) {
  const article = model.articles[row.index];
  const [left, hit, right] = snippet(article.text, hits(model, found, row.index));
  return (
    <li class="result" aria-setsize={found.list.length} aria-posinset={place + 1}>
      <button type="button" class="link" onClick={() => open(row)}>{article.title || article.id}</button>
      <span class="facts">
        {article.published && <span>{article.published}</span>}
        {row.count > 0 && <span>{row.count} {row.count === 1 ? "hit" : "hits"}</span>}
        <span>{model.byArticle[row.index].length} mentions</span>
      </span>
      <p>{left}<b class="hit">{hit}</b>{right}</p>
    </li>
  );
}
