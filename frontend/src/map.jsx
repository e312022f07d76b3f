import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { useMemo, useState } from "preact/hooks";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";

const WIDTH = 900, HEIGHT = 460, MARGIN = 40;
const VIEWS = { places: "All places", world: "The world", near: "Around the selected place" };
const LABELS = 40; // more could not be read
const countries = feature(world, world.objects.countries);

// Fits the projection to the places with some land around each, or to the whole world.
function projected(places, whole, around) {
  const box = [[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]];
  const corners = places.flatMap(({ at: [x, y] }) => [[x - around, y], [x + around, y], [x, y - around], [x, y + around]]);
  const points = { type: "MultiPoint", coordinates: corners };
  return geoNaturalEarth1().fitExtent(box, whole || !places.length ? { type: "Sphere" } : points);
}

export function Map({ model, selected, select }) {
  const [view, setView] = useState("places");
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
  if (!places.length) return <p class="none">No place has known coordinates, so there is no map.</p>;
  const path = geoPath(projection);
  const press = (event, entity) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(entity);
  };
  return (
    <section aria-labelledby="map-title">
      <h2 id="map-title">{places.length} places</h2>
      <label>
        Show{" "}
        <select value={view} onChange={(event) => setView(event.currentTarget.value)}>
          {Object.entries(VIEWS).map(([name, label]) => (
            <option key={name} value={name} disabled={name === "near" && !here.length}>{label}</option>
          ))}
        </select>
      </label>
      <svg class="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label="Map of places">
        <path class="graticule" d={path(geoGraticule10())} />
        {countries.features.map((country) => <path key={country.id} class="land" d={path(country)} />)}
        {places.map(({ entity, at }) => {
          const [x, y] = projection(at);
          if (x < 0 || y < 0 || x > WIDTH || y > HEIGHT) return null;
          const chosen = selected?.entity === entity;
          return (
            <g key={entity.id} class={`node place${chosen ? " chosen" : ""}`} role="button" tabIndex={0}
              aria-label={`${entity.name}, ${entity.mentions.length} mentions`} onClick={() => select(entity)} onKeyDown={(event) => press(event, entity)}>
              <circle cx={x} cy={y} r={3 + Math.sqrt(entity.mentions.length)}><title>{entity.name}</title></circle>
              {(chosen || near || places.length <= LABELS) && <text x={x} y={y - 7} text-anchor="middle">{entity.name}</text>}
            </g>
          );
        })}
      </svg>
    </section>
  );
}
