import { useEffect, useMemo, useRef } from "preact/hooks";
import { pieces } from "./model.js";
import { cut, hits } from "./texts.js";

export function Article({ model, index, selected, look, open, select, found, hit, openHit, results, endSearch }) {
  const box = useRef(null);
  const article = model.articles[index];
  const parts = useMemo(() => article?.text != null ? pieces(article.text, model.byArticle[index]) : [], [model, index]);
  const marked = useMemo(() => article ? hits(model, found, index) : [], [model, found, index]);
  useEffect(() => {
    const wanted = { hit: "[data-hit]", mention: "[data-current]" }[look.at];
    if (wanted) box.current?.querySelector(wanted)?.scrollIntoView({ block: "center" });
    else box.current?.closest(".view").scrollTo({ top: 0 });
  }, [index, look]);
  if (!article) return <p class="none">No articles.</p>;
  const isCurrent = (mention) => selected?.entity === mention.entity && selected.number === mention.number;
  const here = parts.some(({ mention }) => mention && isCurrent(mention));
  const row = found.list.find((one) => one.index === index);
  const currentHit = row ? hit - row.before : -1;
  let offset = 0;
  const withHits = (text) => {
    const made = cut(text, offset, marked).map(({ text, hit }, key) =>
      hit === undefined ? text : <b key={key} class="hit" data-hit={hit === currentHit ? "" : undefined}>{text}</b>);
    offset += text.length;
    return made;
  };
  let first = true; // one mention is in the tab order; arrow keys reach the others

  const move = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const mark = event.target.closest("mark");
    if (!mark) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      mark.click();
    } else if (step) {
      event.preventDefault();
      const all = [...box.current.querySelectorAll("mark")];
      all[all.indexOf(mark) + step]?.focus();
    }
  };
  return (
    <article aria-labelledby="article-title">
      <div class="chooser">
        <button type="button" disabled={index === 0} onClick={() => open(index - 1)}>Previous article</button>
        <label>
          <span class="hidden">Article</span>
          <select value={index} onChange={(event) => open(Number(event.currentTarget.value))}>
            {model.articles.map(({ id, title }, key) => <option key={key} value={key}>{key + 1}. {title || id}</option>)}
          </select>
        </label>
        <button type="button" disabled={index + 1 >= model.articles.length} onClick={() => open(index + 1)}>Next article</button>
      </div>
      {found.words.length > 0 && (
        <div class="step" role="group" aria-label="Hits of the text search">
          <button type="button" disabled={hit === 0} onClick={() => openHit(hit - 1)}>Previous hit</button>
          <span role="status">{found.total ? `hit ${hit + 1} of ${found.total}` : "no hits"}</span>
          <button type="button" disabled={hit + 1 >= found.total} onClick={() => openHit(hit + 1)}>Next hit</button>
          <button type="button" onClick={results}>All hits</button>
          <button type="button" onClick={endSearch}>End search</button>
        </div>
      )}
      <h2 id="article-title">{article.title || article.id}</h2>
      <p class="facts">
        {article.published && <span>{article.published}</span>}
        {article.title && <span>{article.id}</span>}
        <span>{model.byArticle[index].length} mentions</span>
      </p>
      {article.text == null ? (
        <Sentences found={model.byArticle[index]} isCurrent={isCurrent} select={select} box={box} />
      ) : (
        <div class="text" ref={box} onKeyDown={move}>
          {parts.map(({ text, mention }, key) => {
            if (!mention) return withHits(text);
            const current = isCurrent(mention);
            const reachable = current || (!here && first);
            first = false;
            return (
              <mark key={key} role="button" tabIndex={reachable ? 0 : -1} class={mark_class(mention, selected)}
                data-current={current ? "" : undefined} aria-pressed={current}
                title={`${mention.entity.name} (${mention.entity.kind})`}
                onClick={() => select(mention.entity, mention.number)}>
                {withHits(text)}
              </mark>
            );
          })}
        </div>
      )}
    </article>
  );
}

const mark_class = (mention, selected) =>
  `${mention.entity.kind}${selected?.entity === mention.entity ? " same" : ""}`;

// An article whose text is not at hand shows the sentences of its mentions.
function Sentences({ found, isCurrent, select, box }) {
  return (
    <div ref={box}>
      <p class="none">The text of this article was not at hand; these are the sentences of its mentions.</p>
      <ul>
        {found.map((mention) => {
          const [, , , text, sentence] = mention.entity.mentions[mention.number];
          return (
            <li key={`${mention.entity.index}-${mention.number}`} data-current={isCurrent(mention) ? "" : undefined}>
              <button type="button" class={`badge ${mention.entity.kind}`} onClick={() => select(mention.entity, mention.number)}>{text}</button>{" "}
              {sentence}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
