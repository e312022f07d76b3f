import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { useMemo, useState } from "preact/hooks";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";

const WIDTH = 900, HEIGHT = 460, MARGIN = 40;
const AROUND = 2; // degrees
const countries = feature(world, world.objects.countries);

// Fits the projection to the places with some land around each, or to the whole world.
function projected(places, whole) {
  const box = [[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]];
  const around = places.flatMap(({ at: [x, y] }) => [[x - AROUND, y], [x + AROUND, y], [x, y - AROUND], [x, y + AROUND]]);
  const points = { type: "MultiPoint", coordinates: around };
  return geoNaturalEarth1().fitExtent(box, whole || !places.length ? { type: "Sphere" } : points);
}

export function Map({ model, selected, select }) {
  const [whole, setWhole] = useState(false);
  const places = useMemo(
    () => model.entities
      .filter(({ attributes }) => Number.isFinite(attributes.latitude) && Number.isFinite(attributes.longitude))
      .map((entity) => ({ entity, at: [entity.attributes.longitude, entity.attributes.latitude] })),
    [model],
  );
  const projection = useMemo(() => projected(places, whole), [places, whole]);
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
      <button type="button" onClick={() => setWhole(!whole)}>{whole ? "Show the places" : "Show the world"}</button>
      <svg class="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label="Map of places">
        <path class="graticule" d={path(geoGraticule10())} />
        {countries.features.map((country) => <path key={country.id} class="land" d={path(country)} />)}
        {places.map(({ entity, at }) => {
          const [x, y] = projection(at);
          const chosen = selected?.entity === entity;
          return (
            <g key={entity.id} class={`node place${chosen ? " chosen" : ""}`} role="button" tabIndex={0}
              aria-label={`${entity.name}, ${entity.mentions.length} mentions`} onClick={() => select(entity)} onKeyDown={(event) => press(event, entity)}>
              <circle cx={x} cy={y} r={3 + Math.sqrt(entity.mentions.length)}><title>{entity.name}</title></circle>
              {(chosen || places.length <= 40) && <text x={x} y={y - 7} text-anchor="middle">{entity.name}</text>}
            </g>
          );
        })}
      </svg>
    </section>
  );
}
