// What an author plausibly uses, and what brings new versions of glibc's functions with it.

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <udf/udf.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <semaphore>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace udf::literals;

namespace {

// one function each, so that a test can compare the bits
double my_exp(double x) noexcept { return std::exp(x); }
double my_exp2(double x) noexcept { return std::exp2(x); }
double my_log(double x) noexcept { return std::log(x); }
double my_log2(double x) noexcept { return std::log2(x); }
double my_pow(double x, double y) noexcept { return std::pow(x, y); }
double my_hypot(double x, double y) noexcept { return std::hypot(x, y); }
double my_fmod(double x, double y) noexcept { return std::fmod(x, y); }
double my_lgamma(double x) noexcept { return std::lgamma(x); }
float my_floats(float x) noexcept {
  return std::exp(x) + std::exp2(x) + std::log(x) + std::log2(x) + std::pow(x, x) + std::hypot(x, x) +
         std::fmod(x, 2.0F) + std::lgamma(x);
}

std::string numbers(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value * 2);
  std::ostringstream stream;
  stream << std::string(buffer, end) << ' ' << std::stod(std::string(text)) << ' ' << std::stol("12") << ' '
         << std::strtoul("7", nullptr, 0);
  return error == std::errc() ? stream.str() : "";
}

bool randomness(std::int32_t) {
  std::random_device device;
  unsigned char bytes[16] = {};
  const bool ok = getentropy(bytes, sizeof bytes) == 0 && getrandom(bytes, sizeof bytes, 0) == sizeof bytes;
  return ok && (device() != device() || device() != device());
}

bool files(std::string_view folder) {
  const std::string path(folder);
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  if (lstat(path.c_str(), &status) != 0 || fstatat(AT_FDCWD, path.c_str(), &status, 0) != 0) return false;
  std::ofstream(path + "/written.txt") << "some text\n";
  const int file = open((path + "/written.txt").c_str(), O_RDONLY);
  const bool sized = fstat(file, &status) == 0 && status.st_size == 10 && fcntl(file, F_GETFD) >= 0;
  close(file);
  std::string line;
  std::getline(std::ifstream(path + "/written.txt"), line);
  const bool listed = std::filesystem::exists(path + "/written.txt") &&
                      std::filesystem::file_size(path + "/written.txt") == 10 &&
                      std::filesystem::remove(path + "/written.txt");
  return sized && listed && line == "some text";
}

thread_local std::string of_thread = "fresh";
std::atomic<int> destroyed{0};
struct AtThreadEnd {
  std::string text = "kept";
  ~AtThreadEnd() { ++destroyed; }
};
thread_local AtThreadEnd at_thread_end;

std::int32_t threads(std::int32_t count) {
  std::mutex lock;
  std::shared_timed_mutex shared;
  std::timed_mutex timed;
  std::condition_variable done;
  std::counting_semaphore<8> gate(4);
  std::once_flag once;
  std::int32_t sum = 0, left = count, first = 0;
  destroyed = 0;
  std::vector<std::thread> running;
  for (std::int32_t number = 1; number <= count; ++number) {
    running.emplace_back([&, number] {
      gate.acquire();
      std::call_once(once, [&] { first = 1000; });
      of_thread += at_thread_end.text;
      {
        const std::shared_lock reading(shared);
        const std::unique_lock timing(timed, std::chrono::seconds(5));
        const std::lock_guard guard(lock);
        sum += number;
        --left;
      }
      gate.release();
      done.notify_all();
    });
  }
  std::unique_lock guard(lock);
  const bool all = done.wait_for(guard, std::chrono::seconds(30), [&] { return left == 0; });
  guard.unlock();
  for (std::thread& thread : running) thread.join();
  auto later = std::async(std::launch::async, [] { return 100000; });
  const auto shared_value = std::make_shared<std::int32_t>(later.get());
  return all ? sum + first + *shared_value + 10000 * destroyed.load() : -1;
}

std::string caught(std::int32_t depth) {
  try {
    if (depth == 0) throw std::out_of_range("deep");
    return caught(depth - 1);
  } catch (const std::out_of_range&) {
    if (depth == 0) std::throw_with_nested(std::runtime_error("wrapped"));
    throw;
  } catch (const std::runtime_error& error) {
    return std::string(error.what()) + " at " + std::to_string(depth);
  }
}

std::string streams(std::int32_t number) {
  std::cerr << std::flush;
  std::stringstream stream;
  stream << std::hex << number << ' ' << std::boolalpha << true << ' ' << 1.5;
  return stream.str();
}

}  // namespace

UDF_MODULE(portable, m) {
  m.row<my_exp>("exp", "x"_a);
  m.row<my_exp2>("exp2", "x"_a);
  m.row<my_log>("log", "x"_a);
  m.row<my_log2>("log2", "x"_a);
  m.row<my_pow>("pow", "x"_a, "y"_a);
  m.row<my_hypot>("hypot", "x"_a, "y"_a);
  m.row<my_fmod>("fmod", "x"_a, "y"_a);
  m.row<my_lgamma>("lgamma", "x"_a);
  m.row<my_floats>("floats", "x"_a);
  m.row<numbers>("numbers", "text"_a);
  m.row<randomness>("randomness", "any"_a);
  m.row<files>("files", "folder"_a);
  m.row<threads>("threads", "count"_a);
  m.row<caught>("caught", "depth"_a);
  m.row<streams>("streams", "number"_a);
}
