import { defineJob } from "native-udf";

export default defineJob({
  modules: ["flight_features"],
  input: { path: "data/input.csv" },
  map: "SELECT city, initials(city) AS initials, fahrenheit(celsius) AS fahrenheit FROM input",
  output: { path: "out/first.parquet" },
});
