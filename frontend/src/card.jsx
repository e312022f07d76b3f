import { reason } from "./model.js";

const HIDDEN = new Set(["category", "generic", "latitude", "longitude", "labels", "variants", "ambiguous"]);

export function Card({ model, selected, go, open, close }) {
  const { entity, number } = selected;
  const total = entity.mentions.length;
  const facts = Object.entries(entity.attributes).filter(([key, value]) => !HIDDEN.has(key) && ["string", "number"].includes(typeof value));
  return (
    <section class="card" aria-labelledby="card-name">
      <div class="top">
        <h2 id="card-name">{entity.name}</h2>
        <span class={`badge ${entity.kind}`}>{entity.category.replaceAll("_", " ") || entity.kind}</span>
        <button type="button" class="close" onClick={close} aria-label="Close this entity">×</button>
      </div>
      <p class="facts">
        {facts.map(([key, value]) => <span key={key}>{key}: {String(value)}</span>)}
        {entity.attributes.titles && <span>{entity.attributes.titles.join(", ")}</span>}
        {entity.first && <span>{entity.first === entity.last ? entity.first : `${entity.first} – ${entity.last}`}</span>}
      </p>
      <div class="step" role="group" aria-label="Mentions">
        <button type="button" disabled={number === 0} onClick={() => go(number - 1)}>Previous</button>
        <span role="status">mention {number + 1} of {total}</span>
        <button type="button" disabled={number + 1 >= total} onClick={() => go(number + 1)}>Next</button>
      </div>
      <Why model={model} entity={entity} number={number} />
      <div class="more">
        <details>
          <summary>{entity.aliases.length} {entity.aliases.length === 1 ? "spelling" : "spellings"}</summary>
          <ul>{entity.aliases.map(([text, count]) => <li key={text}>{text} <small>×{count}</small></li>)}</ul>
        </details>
        {entity.why.length > 0 && (
          <details>
            <summary>{entity.why.length} {entity.why.length === 1 ? "receipt" : "receipts"}</summary>
            <ul>
              {entity.why.map((receipt, key) => (
                <li key={key}><b>{receipt.rule}</b>: {receipt.left} = {receipt.right}</li>
              ))}
            </ul>
          </details>
        )}
        <details>
          <summary>{entity.articles.size} {entity.articles.size === 1 ? "article" : "articles"}</summary>
          <ul>
            {[...entity.articles].map(([index, count]) => (
              <li key={index}>
                <button type="button" class="link" onClick={() => {
                  open(index);
                  go(entity.mentions.findIndex(([article]) => article === index));
                }}>{model.articles[index].title || model.articles[index].id}</button> <small>×{count}</small>
              </li>
            ))}
          </ul>
        </details>
      </div>
    </section>
  );
}

function Why({ entity, number }) {
  const text = entity.mentions[number]?.[3] ?? "";
  const receipt = reason(entity, number);
  if (text === entity.name) return <p class="why">“{text}” is the name of this entity.</p>;
  if (!receipt) return <p class="why">“{text}” is a spelling of this name.</p>;
  const other = receipt.left === text ? receipt.right : receipt.left;
  return <p class="why">“{text}” was merged with “{other}”: <b>{receipt.rule}</b>.</p>;
}
