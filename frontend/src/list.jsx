import { useEffect, useRef, useState } from "preact/hooks";
import { useVirtual } from "./virtual.js";

const ROW = 34; // pixels; style.css has the same
const COLUMNS = { name: "Name", kind: "Kind", mentions: "Mentions", articles: "Articles" };

export function List({ rows, selected, sort, setSort, select }) {
  const box = useRef(null);
  const [printing, setPrinting] = useState(false);
  const wanted = useRef(null); // the row that takes the focus when it is drawn
  useEffect(() => {
    addEventListener("beforeprint", () => setPrinting(true));
    addEventListener("afterprint", () => setPrinting(false));
  }, []);
  const virtual = useVirtual({
    count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12,
  });
  useEffect(() => { box.current.scrollTop = 0; }, [rows]);
  useEffect(() => {
    const button = wanted.current !== null && box.current.querySelector(`[data-row="${wanted.current}"]`);
    if (button) {
      button.focus();
      wanted.current = null;
    }
  });
  const items = printing ? rows.map((_, index) => ({ index })) : virtual.getVirtualItems();
  const before = printing || !items.length ? 0 : items[0].start;
  const after = printing || !items.length ? 0 : virtual.getTotalSize() - items[items.length - 1].end;

  const move = (event) => {
    const now = Number(event.target.dataset?.row);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: rows.length - 1, PageDown: now + 12, PageUp: now - 12 }[event.key];
    if (next === undefined || Number.isNaN(now)) return;
    event.preventDefault();
    wanted.current = Math.max(0, Math.min(rows.length - 1, next));
    virtual.scrollToIndex(wanted.current);
    box.current.querySelector(`[data-row="${wanted.current}"]`)?.focus();
  };
  return (
    <div class="list" ref={box} onKeyDown={move} tabIndex={-1}>
      <table aria-rowcount={rows.length + 1}>
        <caption class="hidden">Entities; arrow keys move between the names</caption>
        <thead>
          <tr aria-rowindex={1}>
            {Object.entries(COLUMNS).map(([by, label]) => (
              <th key={by} scope="col" class={by} aria-sort={sort.by === by ? (sort.down ? "descending" : "ascending") : "none"}>
                <button type="button" onClick={() => setSort({ by, down: sort.by === by ? !sort.down : by === "mentions" || by === "articles" })}>
                  {label}{sort.by === by && <span aria-hidden="true">{sort.down ? " ▾" : " ▴"}</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true"><td style={{ height: before }} /></tr>}
          {items.map(({ index }) => (
            <Row key={rows[index].id} entity={rows[index]} index={index} chosen={selected?.entity === rows[index]} select={select} />
          ))}
          {after > 0 && <tr aria-hidden="true"><td style={{ height: after }} /></tr>}
        </tbody>
      </table>
      {!rows.length && <p class="none">Nothing fits. Search for less, or take a filter away.</p>}
    </div>
  );
}

function Row({ entity, index, chosen, select }) {
  return (
    <tr aria-rowindex={index + 2} class={chosen ? "chosen" : ""}>
      <th scope="row" class="name">
        <button type="button" data-row={index} aria-current={chosen ? "true" : undefined} onClick={() => select(entity)} title={entity.name}>
          {entity.name}
        </button>
      </th>
      <td class="kind"><span class={`badge ${entity.kind}`}>{entity.category.replaceAll("_", " ") || entity.kind}</span></td>
      <td class="mentions">{entity.mentions.length}</td>
      <td class="articles">{entity.articles.size}</td>
    </tr>
  );
}
