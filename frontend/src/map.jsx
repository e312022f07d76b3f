import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { select as pick } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";

const WIDTH = 900, HEIGHT = 460, MARGIN = 40;
const VIEWS = { places: "All places", world: "The world", near: "Around the selected place" };
const LABELS = 80, LETTER = 7, LINE = 17; // labels tried, most mentioned places first; about the size of one
const DEEPEST = 60, STEP = 1.6, PAN = 60; // greatest zoom; one press of a button or key
const countries = feature(world, world.objects.countries);

// Fits the projection to the places with some land around each, or to the whole world.
function projected(places, whole, around) {
  const box = [[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]];
  const corners = places.flatMap(({ at: [x, y] }) => [[x - around, y], [x + around, y], [x, y - around], [x, y + around]]);
  const points = { type: "MultiPoint", coordinates: corners };
  return geoNaturalEarth1().fitExtent(box, whole || !places.length ? { type: "Sphere" } : points);
}

// The places in view, and which of them have room for their name.
function placed(places, projection, transform, chosen) {
  const inside = places
    .map((place) => ({ ...place, spot: transform.apply(projection(place.at)) }))
    .filter(({ spot: [x, y] }) => x >= 0 && y >= 0 && x <= WIDTH && y <= HEIGHT);
  const taken = [];
  const first = [...inside].sort((a, b) => (b.entity === chosen) - (a.entity === chosen) || b.entity.mentions.length - a.entity.mentions.length);
  for (const place of first.slice(0, LABELS)) {
    const [x, y] = place.spot, half = (place.entity.name.length * LETTER) / 2;
    const clear = taken.every(([left, right, top]) => x + half < left || x - half > right || Math.abs(y - top) > LINE);
    if (!clear || x - half < 0 || x + half > WIDTH || y < 2 * LINE) continue;
    taken.push([x - half, x + half, y]);
    place.labelled = true;
  }
  return inside;
}

export function Map({ model, selected, select }) {
  const svg = useRef(null);
  const zooming = useRef(null);
  const [view, setView] = useState("places");
  const [transform, setTransform] = useState(zoomIdentity);
  const places = useMemo(
    () => model.entities
      .filter(({ attributes }) => Number.isFinite(attributes.latitude) && Number.isFinite(attributes.longitude))
      .map((entity) => ({ entity, at: [entity.attributes.longitude, entity.attributes.latitude] })),
    [model],
  );
  const here = places.filter(({ entity }) => entity === selected?.entity);
  const near = view === "near" && here.length > 0;
  const projection = useMemo(
    () => (near ? projected(here, false, 5) : projected(places, view === "world", 2)),
    [places, view, near && here[0].entity],
  );
  const land = useMemo(() => {
    const path = geoPath(projection);
    return [
      <path key="lines" class="graticule" d={path(geoGraticule10())} />,
      ...countries.features.map((country) => <path key={country.id} class="land" d={path(country)} />),
    ];
  }, [projection]);
  useEffect(() => {
    if (!svg.current) return;
    zooming.current = zoom()
      .scaleExtent([1, DEEPEST]).translateExtent([[0, 0], [WIDTH, HEIGHT]])
      .on("zoom", (event) => setTransform(event.transform));
    pick(svg.current).call(zooming.current);
  }, [places]);
  const change = (how, ...by) => pick(svg.current).call(zooming.current[how], ...by);
  useEffect(() => { if (svg.current) change("transform", zoomIdentity); }, [projection]);
  if (!places.length) return <p class="none">No place has known coordinates, so there is no map.</p>;

  const inside = placed(places, projection, transform, selected?.entity);
  const reachable = inside.find(({ entity }) => entity === selected?.entity) ?? inside[0];
  const press = (event) => {
    const node = event.target.closest(".node");
    const zoomed = { "+": STEP, "=": STEP, "-": 1 / STEP }[event.key];
    const [x, y] = { ArrowRight: [-1, 0], ArrowLeft: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key] ?? [0, 0];
    if (zoomed) change("scaleBy", zoomed);
    else if (event.key === "0") change("transform", zoomIdentity);
    else if (node && (x || y)) {
      const all = [...svg.current.querySelectorAll(".node")];
      all[all.indexOf(node) - (x || y)]?.focus();
    } else if (x || y) change("translateBy", (x * PAN) / transform.k, (y * PAN) / transform.k);
    else if (node && (event.key === "Enter" || event.key === " ")) node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else return;
    event.preventDefault();
  };
  return (
    <section aria-labelledby="map-title">
      <h2 id="map-title">{places.length} {places.length === 1 ? "place" : "places"}</h2>
      <div class="step" role="group" aria-label="Part of the map">
        <label>
          Show{" "}
          <select value={view} onChange={(event) => setView(event.currentTarget.value)}>
            {Object.entries(VIEWS).map(([name, label]) => (
              <option key={name} value={name} disabled={name === "near" && !here.length}>{label}</option>
            ))}
          </select>
        </label>
        <button type="button" aria-label="Zoom in" disabled={transform.k >= DEEPEST} onClick={() => change("scaleBy", STEP)}>+</button>
        <button type="button" aria-label="Zoom out" disabled={transform.k <= 1} onClick={() => change("scaleBy", 1 / STEP)}>−</button>
        <button type="button" disabled={transform.k <= 1} onClick={() => change("transform", zoomIdentity)}>Reset</button>
      </div>
      <svg class="map" ref={svg} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" tabindex={0} onKeyDown={press}
        aria-label="Map of places; arrow keys move it, plus and minus zoom, Tab leads to the places">
        <g transform={transform.toString()}>{land}</g>
        {inside.map(({ entity, spot: [x, y], labelled }) => (
          <g key={entity.id} class={`node place${selected?.entity === entity ? " chosen" : ""}`} role="button"
            tabindex={entity === reachable.entity ? 0 : -1}
            aria-label={`${entity.name}, ${entity.mentions.length} mentions`} onClick={() => select(entity)}>
            <circle cx={x} cy={y} r={3 + Math.sqrt(entity.mentions.length)}><title>{entity.name}</title></circle>
            {labelled && <text x={x} y={y - 5 - Math.sqrt(entity.mentions.length)} text-anchor="middle">{entity.name}</text>}
          </g>
        ))}
      </svg>
    </section>
  );
}
