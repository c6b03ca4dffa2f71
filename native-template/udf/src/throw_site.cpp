// Remembers where exceptions are thrown. The linker sends every throw of this object, also those in the standard library,
// through `__wrap___cxa_throw` (option --wrap); nothing else costs anything.

#include "throw_site.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <exception>
#include <typeinfo>

#include "compute.h"
#include "frames.h"

extern "C" {
[[noreturn]] void __real___cxa_throw(void* object, std::type_info* type, void (*destructor)(void*));
[[noreturn]] void __wrap___cxa_throw(void* object, std::type_info* type, void (*destructor)(void*));
}

namespace udf::detail {

namespace {

/// The last exceptions that a thread threw: the one that leaves a function need not be the last.
class ThrowSites {
 public:
  void add(const void* object) {
    Site& site = sites_[next_++ % sites_.size()];
    site.object = object;
    site.frames = Frames();
    site.frames.walk(reinterpret_cast<std::uintptr_t>(&compute));
  }

  /// Null where it is not there. An address may have been that of an earlier exception too.
  const Frames* find(const void* object) const {
    for (std::size_t back = 1; back <= sites_.size(); ++back) {
      const Site& site = sites_[(next_ - back) % sites_.size()];
      if (site.object == object) return &site.frames;
    }
    return nullptr;
  }

 private:
  struct Site {
    const void* object = nullptr;
    Frames frames;
  };

  static constexpr std::size_t kept = 8;  // a power of two, so that the count may overflow
  std::array<Site, kept> sites_{};
  std::size_t next_ = 0;
};

constinit thread_local ThrowSites throw_sites{};

/// The address that the exception was thrown with.
const void* thrown_object() {
  const std::exception_ptr thrown = std::current_exception();
  const void* object = nullptr;
  static_assert(sizeof thrown == sizeof object, "an exception_ptr is a pointer to the exception in libstdc++ and libc++");
  std::memcpy(&object, &thrown, sizeof object);
  return object;
}

}  // namespace

std::vector<std::uint64_t> throw_site() {
  const Frames* const frames = throw_sites.find(thrown_object());
  if (frames == nullptr) return {};
  return {frames->begin(), frames->end()};
}

}  // namespace udf::detail

void __wrap___cxa_throw(void* object, std::type_info* type, void (*destructor)(void*)) {
  using namespace udf::detail;
  throw_sites.add(object);
  __real___cxa_throw(object, type, destructor);
}
