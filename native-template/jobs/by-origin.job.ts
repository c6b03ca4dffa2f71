import { defineJob } from "native-udf";

/** Features of 3 million flights, summed up for each airport of origin. */
export default defineJob({
  modules: ["flight_features"],
  input: { path: "data/flights-3m.parquet" },
  // route() gives a struct, and is computed once a row; its fields are taken out in reduce
  map: `
    SELECT
      origin,
      destination,
      delay,
      delay_band(delay) AS delay_band,
      route(origin, destination) AS route
    FROM input`,
  reduce: `
    SELECT
      origin,
      count(*) AS flights,
      count(DISTINCT destination) AS destinations,
      round(avg(delay), 2) AS mean_delay,
      round(100.0 * count(*) FILTER (delay_band >= 2) / count(*), 2) AS late_percent,
      round(avg(route.km), 1) AS mean_km,
      round(max(route.km), 1) AS longest_km,
      count(*) FILTER (route.band = 3) AS long_hauls
    FROM mapped
    GROUP BY origin
    ORDER BY flights DESC, origin`,
  output: { path: "out/by-origin.parquet" },
});
