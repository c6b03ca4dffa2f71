// Drives the fuzz target where there is no libFuzzer, as with g++; takes the same options:
//   fuzz_import [-runs=N] [-seed=S] [-artifact_prefix=FOLDER/] file-or-folder…
// Runs the files; then N inputs that it makes by changing those, and random ones. An input that reaches code that none
// before reached is changed further. The same options give the same inputs. One that ends the process is written to
// `crash-…` below the prefix.

#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "counts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

bool seen[1 << 16];
std::size_t reached = 0;
std::uintptr_t before = 0;

Input current;
std::string prefix;

void keep_current() {
  std::uint64_t hash = 14695981039346656037U;
  for (const std::uint8_t byte : current) hash = (hash ^ byte) * 1099511628211U;
  char name[32];
  std::snprintf(name, sizeof name, "crash-%016llx", static_cast<unsigned long long>(hash));
  std::ofstream(prefix + name, std::ios::binary).write(reinterpret_cast<const char*>(current.data()), static_cast<std::streamsize>(current.size()));
  std::fprintf(stderr, "the input is in %s%s\n", prefix.c_str(), name);
}

/// True when it reached something new.
bool run(Input input) {
  current = std::move(input);
  const std::size_t already = reached;
  before = 0;
  // memory of exactly its size
  const auto bytes = std::make_unique<std::uint8_t[]>(current.size());
  std::copy(current.begin(), current.end(), bytes.get());
  LLVMFuzzerTestOneInput(bytes.get(), current.size());
  return reached > already;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }

  Input random_input() {
    Input input(below(600));
    for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(random_());
    return input;
  }

  Input changed(Input input, const Input& other) {
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(input, other);
    return input;
  }

 private:
  void change(Input& input, const Input& other) {
    constexpr std::uint8_t notable[] = {0, 1, 3, 7, 31, 39, 63, 127, 128, 199, 224, 234, 249, 251, 254, 255};
    const std::size_t at = below(input.size());
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:
        if (!input.empty()) *place = static_cast<std::uint8_t>(random_());
        break;
      case 1:
        if (!input.empty()) *place = notable[below(std::size(notable))];
        break;
      case 2:
        if (!input.empty()) *place = static_cast<std::uint8_t>(*place ^ (1U << below(8)));
        break;
      case 3:
        input.insert(place, static_cast<std::uint8_t>(random_()));
        break;
      case 4:
        if (!input.empty()) input.erase(place, place + static_cast<std::ptrdiff_t>(1 + below(std::min<std::size_t>(input.size() - at, 8))));
        break;
      default:
        input.resize(at);
        if (!other.empty()) input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size())), other.end());
        break;
    }
    if (input.size() > 4096) input.resize(4096);
  }

  std::mt19937_64 random_;
};

Input read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return Input(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

std::vector<Input> read_inputs(const std::filesystem::path& place) {
  if (!std::filesystem::is_directory(place)) return {read_file(place)};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(place)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Input> inputs;
  for (const auto& file : files) inputs.push_back(read_file(file));
  return inputs;
}

}  // namespace

/// Called by the compiler's instrumentation at each edge of the target.
extern "C" [[gnu::no_sanitize("address", "undefined")]] void __sanitizer_cov_trace_pc() {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) - reinterpret_cast<std::uintptr_t>(&LLVMFuzzerTestOneInput);
  const std::size_t edge = ((before >> 1) ^ here) * 0x9E3779B97F4A7C15U >> 48;
  before = here;
  if (seen[edge]) return;
  seen[edge] = true;
  ++reached;
}

int main(int count, char** arguments) {
  long long runs = 0;
  std::uint64_t seed = 1;
  std::vector<Input> corpus;
  __sanitizer_set_death_callback(&keep_current);
  std::vector<Input> given;
  for (int index = 1; index < count; ++index) {
    const std::string_view argument(arguments[index]);
    if (argument.starts_with("-runs=")) {
      runs = std::atoll(arguments[index] + 6);
    } else if (argument.starts_with("-seed=")) {
      seed = static_cast<std::uint64_t>(std::atoll(arguments[index] + 6));
    } else if (argument.starts_with("-artifact_prefix=")) {
      prefix = argument.substr(17);
    } else {
      for (Input& input : read_inputs(arguments[index])) given.push_back(std::move(input));
    }
  }
  for (const Input& input : given) {
    run(input);
    corpus.push_back(input);
  }
  Mutator mutator(seed);
  corpus.push_back(mutator.random_input());
  for (long long made = 0; made < runs; ++made) {
    const bool anew = mutator.below(8) == 0;
    Input input = anew ? mutator.random_input()
                       : mutator.changed(corpus[mutator.below(corpus.size())], corpus[mutator.below(corpus.size())]);
    if (run(input)) corpus.push_back(std::move(input));
  }
  std::printf("%lld inputs (%zu kept ones), %lld accepted, %lld computed, %zu edges, %zu that reached more\n",
              static_cast<long long>(counts.runs), given.size(), static_cast<long long>(counts.accepted),
              static_cast<long long>(counts.computed), reached, corpus.size() - given.size() - 1);
  return 0;
}
