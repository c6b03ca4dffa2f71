// A module's functions, called through its C door, against loops by hand over the same Arrow arrays, which make the same
// Arrow arrays: that is checked before anything is measured. Prints one JSON line for each: {"case", "sdkNs", "handNs"},
// nanoseconds for a row, the best of many rounds. Then what a watched process pays for the row counter, and what a row
// error costs. Arguments: the artifact of signatures_module.cpp, and milliseconds for each case. Built with the flags of a
// module.

#include "signatures.h"

#include <dlfcn.h>
#include <malloc.h>
#include <udf/abi.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include "signatures_arguments.h"
#include "signatures_by_hand.h"
#include "signatures_results.h"

namespace {

using Door = decltype(&udf_call_arrow);
using Watch = decltype(&udf_watch);

/// Ends the program when the door gives another status. `sum` is null while the time is taken.
void call(Door door, std::int64_t index, const Arguments& arrays, const std::vector<const ArrowSchema*>& schemas,
          UdfStatus expected = UDF_OK, std::uint64_t* sum = nullptr) {
  ArrowSchema schema{};
  ArrowArray array{};
  UdfError error{};
  const auto count = static_cast<std::int64_t>(arrays.size());
  const int status = door(index, count, schemas.data(), arrays.data(), &schema, &array, &error);
  if (status != expected) {
    std::fprintf(stderr, "function %d: status %d, %s\n", static_cast<int>(index), status, error.message);
    std::exit(1);
  }
  if (sum != nullptr) *sum = checksum_of(schema, array);
  if (array.release != nullptr) array.release(&array);
  if (schema.release != nullptr) schema.release(&schema);
  if (error.release != nullptr) error.release(&error);
}

struct Signature {
  const char* name;
  std::vector<Column (*)(bool)> arguments;
  Hand hand;
};

/// The arguments of one call.
struct Batch {
  std::vector<Column> columns;
  Arguments arrays;
  std::vector<const ArrowSchema*> schemas;

  Batch(const Signature& signature, bool with_nulls) {
    for (const auto& make : signature.arguments) {
      columns.push_back(make(with_nulls));
      arrays.push_back(&columns.back()->array);
      schemas.push_back(&columns.back()->schema);
    }
  }
};

/// For each case.
std::chrono::milliseconds time_of_a_case(500);

/// The least time of each part of a work, in nanoseconds.
struct Best {
  std::vector<double> parts;

  explicit Best(std::size_t count) : parts(count, 1e18) {}
  template <class Body>
  void time(const Body& body) {
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const auto start = std::chrono::steady_clock::now();
      body(part);
      const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
      parts[part] = std::min(parts[part], spent.count());
    }
  }
  double all() const { return std::accumulate(parts.begin(), parts.end(), 0.0); }
};

/// Runs both in turn, so that both meet the same moods of the machine, and prints nanoseconds for each of `units`. The
/// best time of each of the parts counts, which are short enough to be done before another process wants the core.
template <class Sdk, class Hand>
void race(const std::string& what, std::size_t parts, double units, const Sdk& sdk, const Hand& hand) {
  Best best_sdk(parts);
  Best best_hand(parts);
  const auto end = std::chrono::steady_clock::now() + time_of_a_case;
  while (std::chrono::steady_clock::now() < end) {
    best_sdk.time(sdk);
    best_hand.time(hand);
  }
  std::printf("{\"case\": \"%s\", \"sdkNs\": %.3f, \"handNs\": %.3f}\n", what.c_str(), best_sdk.all() / units,
              best_hand.all() / units);
}

/// Ends the program when the loop by hand gives other values or other nulls than the module.
void check_same(Door door, std::int64_t index, const Signature& signature, const std::string& what, const Batch& batch) {
  std::uint64_t ours = 0;
  call(door, index, batch.arrays, batch.schemas, UDF_OK, &ours);
  Checksum by_hand;
  signature.hand(batch.arrays, &by_hand);
  if (ours == by_hand.value()) return;
  std::fprintf(stderr, "%s: the loop by hand gives other results than the module\n", what.c_str());
  std::exit(1);
}

void compare(Door door, std::int64_t index, const Signature& signature, bool with_nulls, const char* how) {
  const std::string what = signature.name + std::string(with_nulls ? ", 10 % nulls" : ", dense") + how;
  std::vector<Batch> made;
  for (int batch = 0; batch < batches; ++batch) made.emplace_back(signature, with_nulls);
  for (const Batch& batch : made) check_same(door, index, signature, what, batch);
  race(
      what, made.size(), rows * batches, [&](std::size_t part) { call(door, index, made[part].arrays, made[part].schemas); },
      [&](std::size_t part) { signature.hand(made[part].arrays, nullptr); });
}

/// The first row of a batch throws: what the door makes of it, against a throw and a catch.
void compare_errors(Door door, std::int64_t index) {
  const Batch batch({"", {doubles}, nullptr}, false);
  const auto* const values = static_cast<const double*>(batch.arrays[0]->buffers[1]);
  race("a row error", 1, 1, [&](std::size_t) { call(door, index, batch.arrays, batch.schemas, UDF_ROW_ERROR); },
       [&](std::size_t) {
         try {
           refused(values[0]);
         } catch (const std::exception&) {
           return;
         }
       });
}

}  // namespace

int main(int count, char** arguments) {
  // the heap keeps its memory, as that of a process does which has computed for a while: else both sides measure how the
  // system gives pages
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
  void* const module = count >= 2 ? dlopen(arguments[1], RTLD_NOW) : nullptr;
  if (module == nullptr) {
    std::fprintf(stderr, "signatures: give the artifact: %s\n", count >= 2 ? dlerror() : "");
    return 1;
  }
  if (count >= 3) time_of_a_case = std::chrono::milliseconds(std::atoi(arguments[2]));
  const auto door = reinterpret_cast<Door>(dlsym(module, "udf_call_arrow"));
  const auto watch = reinterpret_cast<Watch>(dlsym(module, "udf_watch"));
  const Signature signatures[] = {
      {"double(double, double)", {doubles, doubles}, hand_values<polynomial, double, Values<double>, Values<double>>},
      {"double(4 doubles), haversine",
       {doubles, doubles, doubles, doubles},
       hand_values<haversine, double, Values<double>, Values<double>, Values<double>, Values<double>>},
      {"int64(int64, int64)",
       {integers, integers},
       hand_values<mix, std::int64_t, Values<std::int64_t>, Values<std::int64_t>>},
      {"bool(bool, bool)", {booleans, booleans}, hand_either},
      {"optional<double>(2 optional<double>)", {doubles, doubles}, hand_first_of},
      {"date(timestamp)", {times}, hand_day_of},
      {"int64(string_view), hash", {texts}, hand_values<hash_of, std::int64_t, Texts>},
      {"string_view(string_view)", {texts}, hand_texts<trimmed, Texts>},
      {"string(string_view, string_view)", {texts, texts}, hand_texts<route, Texts, Texts>},
      {"double(2 lists of 32 floats)", {embeddings, embeddings}, hand_values<dot, double, Embeddings, Embeddings>},
      {"struct of 2(double, double)", {doubles, doubles}, hand_turned},
      {"vector<double>(double)", {doubles}, hand_powers},
  };
  const auto compare_all = [&](const char* how) {
    for (const bool with_nulls : {false, true}) {
      for (std::size_t index = 0; index < std::size(signatures); ++index) {
        compare(door, static_cast<std::int64_t>(index), signatures[index], with_nulls, how);
      }
    }
  };
  compare_all("");
  compare_errors(door, std::size(signatures));
  // from here on every call tells which row it is at, as in a worker
  UdfError error{};
  if (watch("/dev/null", &error) != UDF_OK) {
    std::fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  compare_all(", watched");
  return 0;
}
