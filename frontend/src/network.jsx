import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { useMemo } from "preact/hooks";

const WIDTH = 900, HEIGHT = 600, TICKS = 250;

function layout(model) {
  const used = new Set(model.edges.flatMap(([one, other]) => [one, other]));
  const nodes = [...used].sort((a, b) => a - b).map((index) => {
    const entity = model.entities[index];
    return { id: index, entity, r: 4 + 2 * Math.sqrt(entity.mentions.length) };
  });
  const links = model.edges.map(([source, target, count]) => ({ source, target, count }));
  forceSimulation(nodes)
    .force("link", forceLink(links).id((node) => node.id).distance(90).strength((link) => Math.min(1, 0.1 + link.count / 20)))
    .force("charge", forceManyBody().strength(-260))
    .force("collide", forceCollide((node) => node.r + 14))
    .force("x", forceX().strength(0.06)).force("y", forceY().strength(0.09))
    .force("center", forceCenter(0, 0))
    .stop().tick(TICKS);
  const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
  const left = Math.min(...xs), top = Math.min(...ys);
  const scale = Math.min((WIDTH - 140) / (Math.max(...xs) - left || 1), (HEIGHT - 60) / (Math.max(...ys) - top || 1));
  for (const node of nodes) {
    node.x = 70 + (node.x - left) * scale;
    node.y = 30 + (node.y - top) * scale;
  }
  return { nodes, links };
}

export function Network({ model, selected, select }) {
  const { nodes, links } = useMemo(() => layout(model), [model]);
  if (!nodes.length) return <p class="none">No two of the most frequent entities share a sentence.</p>;
  const chosen = selected?.entity.index;
  const near = new Set(links.filter((link) => link.source.id === chosen || link.target.id === chosen).flatMap((link) => [link.source.id, link.target.id]));
  const dim = (id) => near.size > 0 && !near.has(id) ? " dim" : "";
  const press = (event, entity) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(entity);
  };
  return (
    <section aria-labelledby="network-title">
      <h2 id="network-title">Named in one sentence: the {nodes.length} most frequent</h2>
      <svg class="network" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label="Network of entities; the table below has the pairs">
        {links.map((link, key) => (
          <line key={key} class={link.source.id === chosen || link.target.id === chosen ? "near" : dim(-1)}
            x1={link.source.x} y1={link.source.y} x2={link.target.x} y2={link.target.y} stroke-width={0.8 + Math.sqrt(link.count)} />
        ))}
        {nodes.map(({ id, entity, x, y, r }) => (
          <g key={id} class={`node ${entity.kind}${dim(id)}${id === chosen ? " chosen" : ""}`} role="button" tabindex={0}
            aria-label={`${entity.name}, ${entity.kind}, ${entity.mentions.length} mentions`}
            onClick={() => select(entity)} onKeyDown={(event) => press(event, entity)}>
            <circle cx={x} cy={y} r={r}><title>{entity.name}</title></circle>
            <text x={x} y={y - r - 3} text-anchor="middle">{entity.name.length > 24 ? `${entity.name.slice(0, 23)}…` : entity.name}</text>
          </g>
        ))}
      </svg>
      <details>
        <summary>Pairs</summary>
        <table>
          <thead><tr><th scope="col">one</th><th scope="col">other</th><th scope="col">sentences</th></tr></thead>
          <tbody>
            {model.edges.slice(0, 100).map(([one, other, count]) => (
              <tr key={`${one}-${other}`}><td>{model.entities[one].name}</td><td>{model.entities[other].name}</td><td>{count}</td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
