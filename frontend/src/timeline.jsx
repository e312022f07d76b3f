import { timeline } from "./model.js";

const WIDTH = 900, HEIGHT = 260, FOOT = 24;

export function Timeline({ model, selected }) {
  const { unit, bars } = timeline(model, selected?.entity);
  if (!bars.length) return <p class="none">No article has a date, so there is no timeline.</p>;
  const most = Math.max(1, ...bars.map(([, count]) => count));
  const step = WIDTH / bars.length;
  const labelled = Math.ceil(bars.length / 8);
  const name = selected ? selected.entity.name : "all entities";
  return (
    <section aria-labelledby="timeline-title">
      <h2 id="timeline-title">Mentions of {name} by {unit}</h2>
      <svg class="timeline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Bar chart: mentions of ${name} by ${unit}; the table below has the numbers`}>
        {bars.map(([label, count], index) => {
          const height = (count / most) * (HEIGHT - FOOT - 16);
          return (
            <g key={label}>
              <rect x={index * step + 1} width={Math.max(step - 2, 1)} y={HEIGHT - FOOT - height} height={height}><title>{label}: {count}</title></rect>
              {index % labelled === 0 && <text x={index * step + step / 2} y={HEIGHT - 6} text-anchor="middle">{label}</text>}
            </g>
          );
        })}
        <text x="2" y="12">{most}</text>
      </svg>
      <details>
        <summary>Numbers</summary>
        <table>
          <thead><tr><th scope="col">{unit}</th><th scope="col">mentions</th></tr></thead>
          <tbody>{bars.filter(([, count]) => count).map(([label, count]) => <tr key={label}><th scope="row">{label}</th><td>{count}</td></tr>)}</tbody>
        </table>
      </details>
    </section>
  );
}
