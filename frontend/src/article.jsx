import { useEffect, useMemo, useRef } from "preact/hooks";
import { pieces } from "./model.js";

export function Article({ model, index, selected, focus, open, select }) {
  const box = useRef(null);
  const article = model.articles[index];
  const parts = useMemo(() => article?.text != null ? pieces(article.text, model.byArticle[index]) : [], [model, index]);
  useEffect(() => {
    const mark = box.current?.querySelector("[data-current]");
    mark?.scrollIntoView({ block: "center" });
  }, [index, selected, focus]);
  if (!article) return <p class="none">No articles.</p>;
  const isCurrent = (mention) => selected?.entity === mention.entity && selected.number === mention.number;
  const here = parts.some(({ mention }) => mention && isCurrent(mention));
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
            if (!mention) return text;
            const current = isCurrent(mention);
            const reachable = current || (!here && first);
            first = false;
            return (
              <mark key={key} role="button" tabIndex={reachable ? 0 : -1} class={mark_class(mention, selected)}
                data-current={current ? "" : undefined} aria-pressed={current}
                title={`${mention.entity.name} (${mention.entity.kind})`}
                onClick={() => select(mention.entity, mention.number)}>
                {text}
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
