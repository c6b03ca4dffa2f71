// The flight job as somebody would write it by hand in C++: one process, DuckDB for the files, the functions registered
// by DuckDB's C API on its threads. No isolation, no retry, no progress. Arguments: the module's folder, threads.
//
// The few prototypes are declared here, since the npm package of DuckDB has the library and no header.
// Source: DuckDB, "C API", version 1.5.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>

extern "C" {
using duckdb_database = void*;
using duckdb_connection = void*;
using duckdb_scalar_function = void*;
using duckdb_logical_type = void*;
using duckdb_function_info = void*;
using duckdb_data_chunk = void*;
using duckdb_vector = void*;
int duckdb_open(const char*, duckdb_database*);
int duckdb_connect(duckdb_database, duckdb_connection*);
int duckdb_query(duckdb_connection, const char*, void*);
duckdb_scalar_function duckdb_create_scalar_function();
void duckdb_scalar_function_set_name(duckdb_scalar_function, const char*);
void duckdb_scalar_function_add_parameter(duckdb_scalar_function, duckdb_logical_type);
void duckdb_scalar_function_set_return_type(duckdb_scalar_function, duckdb_logical_type);
void duckdb_scalar_function_set_function(duckdb_scalar_function,
                                         void (*)(duckdb_function_info, duckdb_data_chunk, duckdb_vector));
int duckdb_register_scalar_function(duckdb_connection, duckdb_scalar_function);
duckdb_logical_type duckdb_create_logical_type(int);
std::uint64_t duckdb_data_chunk_get_size(duckdb_data_chunk);
duckdb_vector duckdb_data_chunk_get_vector(duckdb_data_chunk, std::uint64_t);
void* duckdb_vector_get_data(duckdb_vector);
std::uint64_t* duckdb_vector_get_validity(duckdb_vector);
void duckdb_vector_ensure_validity_writable(duckdb_vector);
void duckdb_close(duckdb_database*);
void duckdb_disconnect(duckdb_connection*);
}

namespace {

constexpr int type_double = 11, type_varchar = 17;

struct Text {
  std::uint32_t size;
  char inlined[12];
  std::string_view view() const {
    if (size <= sizeof inlined) return {inlined, size};
    const char* pointer;
    std::memcpy(&pointer, inlined + 4, sizeof pointer);
    return {pointer, size};
  }
};

struct Point {
  double x, y, z;
};
struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
std::unordered_map<std::string, Point, Hash, std::equal_to<>> airports;

void read_airports(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    // latitude and longitude are the last two fields; only the names in the middle have quotes
    const auto last = line.rfind(','), before = line.rfind(',', last - 1);
    const double degrees = std::numbers::pi / 180;
    const double lat = std::atof(line.c_str() + before + 1) * degrees, lon = std::atof(line.c_str() + last + 1) * degrees;
    airports[line.substr(0, line.find(','))] = {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
  }
}

void route_km(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
  const auto rows = duckdb_data_chunk_get_size(input);
  const auto* from = static_cast<const Text*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
  const auto* to = static_cast<const Text*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 1)));
  auto* km = static_cast<double*>(duckdb_vector_get_data(output));
  std::uint64_t* validity = nullptr;
  for (std::uint64_t row = 0; row < rows; ++row) {
    const auto a = airports.find(from[row].view()), b = airports.find(to[row].view());
    if (a == airports.end() || b == airports.end()) {
      if (!validity) {
        duckdb_vector_ensure_validity_writable(output);
        validity = duckdb_vector_get_validity(output);
      }
      validity[row / 64] &= ~(std::uint64_t{1} << (row % 64));
      continue;
    }
    const double x = a->second.x - b->second.x, y = a->second.y - b->second.y, z = a->second.z - b->second.z;
    const double half = std::sqrt(x * x + y * y + z * z) / 2;
    km[row] = 2 * 6371.0088 * std::asin(half < 1 ? half : 1);
  }
}

void query(duckdb_connection connection, const std::string& sql) {
  if (duckdb_query(connection, sql.c_str(), nullptr) == 0) return;
  std::fprintf(stderr, "failed: %s\n", sql.c_str());
  std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  const std::string module = arguments[1];
  read_airports(module + "/config/airports.csv");
  duckdb_database database;
  duckdb_connection connection;
  if (duckdb_open(nullptr, &database) != 0 || duckdb_connect(database, &connection) != 0) return 1;
  query(connection, std::string("SET threads = ") + arguments[2]);
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "route_km");
  duckdb_scalar_function_add_parameter(function, duckdb_create_logical_type(type_varchar));
  duckdb_scalar_function_add_parameter(function, duckdb_create_logical_type(type_varchar));
  duckdb_scalar_function_set_return_type(function, duckdb_create_logical_type(type_double));
  duckdb_scalar_function_set_function(function, route_km);
  if (duckdb_register_scalar_function(connection, function) != 0) return 1;
  query(connection, "COPY (SELECT origin, count(*) AS flights, count(DISTINCT destination) AS destinations, "
                    "round(avg(delay), 2) AS mean_delay, round(100.0 * count(*) FILTER (delay > 15) / count(*), 2) AS late_percent, "
                    "round(avg(km), 1) AS mean_km, round(max(km), 1) AS longest_km, count(*) FILTER (km >= 3000) AS long_hauls "
                    "FROM (SELECT origin, destination, delay, route_km(origin, destination) AS km FROM read_parquet('" +
                        module + "/data/flights-3m.parquet')) GROUP BY origin ORDER BY flights DESC, origin) TO '" + module +
                        "/out/by-hand.parquet' (FORMAT parquet)");
  duckdb_disconnect(&connection);
  duckdb_close(&database);
}
