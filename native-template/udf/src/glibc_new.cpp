// Lets a module run on an older glibc than the one it is built on: defines here what glibc has got since 2.17 and has
// no old version (those are in glibc_old.cpp), as far as libstdc++, libgcc and authors plausibly use it. The linker
// prefers these to the ones in glibc, and the exports of the module hide them. What is not used is dropped.

#include <cstddef>  // for __GLIBC__

#if defined(__GLIBC__) && defined(__x86_64__)

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

/// The host's own function of that name; null where its glibc has none.
template <class Function>
Function host_function(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

extern "C" {

// ---- what libgcc and libstdc++ use -------------------------------------------------------------------------------

#if __GLIBC_PREREQ(2, 32)
/// 0: there may be threads, so counters are always atomic.
char __libc_single_threaded = 0;
#endif

#if __GLIBC_PREREQ(2, 35)
namespace {
struct Search {
  ElfW(Addr) address;
  dl_find_object* found;
};

/// Fills `found` when the object that `info` tells of holds the address.
int look_at(dl_phdr_info* info, std::size_t, void* data) {
  auto* const search = static_cast<Search*>(data);
  const ElfW(Phdr)* frames = nullptr;
  bool inside = false;
  for (int index = 0; index < info->dlpi_phnum; ++index) {
    const ElfW(Phdr)& header = info->dlpi_phdr[index];
    const ElfW(Addr) start = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_GNU_EH_FRAME) frames = &header;
    if (header.p_type == PT_LOAD && search->address >= start && search->address < start + header.p_memsz) {
      inside = true;
      search->found->dlfo_map_start = reinterpret_cast<void*>(start);
      search->found->dlfo_map_end = reinterpret_cast<void*>(start + header.p_memsz);
    }
  }
  if (!inside || frames == nullptr) return 0;
  search->found->dlfo_eh_frame = reinterpret_cast<void*>(info->dlpi_addr + frames->p_vaddr);
  return 1;
}
}  // namespace

/// Finds the unwinding table for an address, for exceptions.
int _dl_find_object(void* address, dl_find_object* found) noexcept {
  using Function = int (*)(void*, dl_find_object*);
  static const auto host = host_function<Function>("_dl_find_object");
  if (host != nullptr) return host(address, found);
  *found = {};
  Search search{reinterpret_cast<ElfW(Addr)>(address), found};
  return dl_iterate_phdr(&look_at, &search) == 1 ? 0 : -1;
}
#endif

/// Destructors of thread-local objects. Where the host is older than 2.18 they do not run.
int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) {
  using Function = int (*)(void (*)(void*), void*, void*);
  static const auto host = host_function<Function>("__cxa_thread_atexit_impl");
  return host == nullptr ? 0 : host(destructor, object, library);
}

// ---- random bytes ------------------------------------------------------------------------------------------------

ssize_t getrandom(void* bytes, std::size_t size, unsigned flags) { return syscall(SYS_getrandom, bytes, size, flags); }

int getentropy(void* bytes, std::size_t size) {
  auto* at = static_cast<char*>(bytes);
  if (size > 256) {
    errno = EIO;
    return -1;
  }
  while (size > 0) {
    ssize_t got = getrandom(at, size, 0);
    if (got < 0 && errno == ENOSYS) {  // Linux before 3.17
      const int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
      if (file < 0) return -1;
      got = read(file, at, size);
      close(file);
    }
    if (got < 0 && errno != EINTR) return -1;
    if (got <= 0) continue;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return 0;
}

void arc4random_buf(void* bytes, std::size_t size) noexcept {
  auto* at = static_cast<char*>(bytes);
  while (size > 0) {
    const std::size_t part = size < 256 ? size : 256;
    if (getentropy(at, part) != 0) std::abort();
    at += part;
    size -= part;
  }
}

std::uint32_t arc4random() noexcept {
  std::uint32_t number = 0;
  arc4random_buf(&number, sizeof number);
  return number;
}

std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
  if (bound < 2) return 0;
  const std::uint32_t biased = -bound % bound;  // numbers below would make the first results likelier
  for (;;) {
    const std::uint32_t number = arc4random();
    if (number >= biased) return number % bound;
  }
}

// ---- files: the functions behind the macros of older headers -------------------------------------------------------

#if __GLIBC_PREREQ(2, 33)
int __xstat(int version, const char* path, struct stat* status) noexcept;
int __lxstat(int version, const char* path, struct stat* status) noexcept;
int __fxstat(int version, int file, struct stat* status) noexcept;
int __fxstatat(int version, int folder, const char* path, struct stat* status, int flags) noexcept;
int __xmknod(int version, const char* path, mode_t mode, dev_t* device) noexcept;

// On x86-64 `struct stat` and `struct stat64` are the same, and their version is 1; that of mknod is 0.
int stat(const char* path, struct stat* status) noexcept { return __xstat(1, path, status); }
int lstat(const char* path, struct stat* status) noexcept { return __lxstat(1, path, status); }
int fstat(int file, struct stat* status) noexcept { return __fxstat(1, file, status); }
int fstatat(int folder, const char* path, struct stat* status, int flags) noexcept {
  return __fxstatat(1, folder, path, status, flags);
}
int stat64(const char* path, struct stat64* status) noexcept {
  return __xstat(1, path, reinterpret_cast<struct stat*>(status));
}
int lstat64(const char* path, struct stat64* status) noexcept {
  return __lxstat(1, path, reinterpret_cast<struct stat*>(status));
}
int fstat64(int file, struct stat64* status) noexcept {
  return __fxstat(1, file, reinterpret_cast<struct stat*>(status));
}
int fstatat64(int folder, const char* path, struct stat64* status, int flags) noexcept {
  return __fxstatat(1, folder, path, reinterpret_cast<struct stat*>(status), flags);
}
int mknod(const char* path, mode_t mode, dev_t device) noexcept { return __xmknod(0, path, mode, &device); }
#endif

#if __GLIBC_PREREQ(2, 28)
// fcntl64 is fcntl on 64-bit systems; a jump keeps the arguments, whatever they are
__asm__(
    ".pushsection .text.fcntl64,\"ax\",@progbits\n"
    ".globl fcntl64\n"
    ".hidden fcntl64\n"
    ".type fcntl64, @function\n"
    "fcntl64:\n"
    "  endbr64\n"
    "  jmp *fcntl@GOTPCREL(%rip)\n"
    ".size fcntl64, . - fcntl64\n"
    ".popsection\n");
#endif

// ---- waiting with a clock ------------------------------------------------------------------------------------------

namespace {
/// The time of the system's clock that is as far away as `time` is by `clock`.
timespec on_system_clock(clockid_t clock, const timespec& time) {
  constexpr long billion = 1'000'000'000;
  timespec theirs{};
  timespec ours{};
  clock_gettime(clock, &theirs);
  clock_gettime(CLOCK_REALTIME, &ours);
  timespec result{ours.tv_sec + time.tv_sec - theirs.tv_sec, ours.tv_nsec + time.tv_nsec - theirs.tv_nsec};
  if (result.tv_nsec < 0) result = {result.tv_sec - 1, result.tv_nsec + billion};
  if (result.tv_nsec >= billion) result = {result.tv_sec + 1, result.tv_nsec - billion};
  return result.tv_sec < 0 ? timespec{} : result;
}
}  // namespace

#if __GLIBC_PREREQ(2, 30)
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* time) {
  const timespec until = on_system_clock(clock, *time);
  return pthread_cond_timedwait(condition, mutex, &until);
}
int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) noexcept {
  const timespec until = on_system_clock(clock, *time);
  return pthread_mutex_timedlock(mutex, &until);
}
int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  const timespec until = on_system_clock(clock, *time);
  return pthread_rwlock_timedrdlock(lock, &until);
}
int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  const timespec until = on_system_clock(clock, *time);
  return pthread_rwlock_timedwrlock(lock, &until);
}
int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  const timespec until = on_system_clock(clock, *time);
  return sem_timedwait(semaphore, &until);
}
pid_t gettid() noexcept { return static_cast<pid_t>(syscall(SYS_gettid)); }
#endif

// ---- small ones ------------------------------------------------------------------------------------------------------

void explicit_bzero(void* bytes, std::size_t size) noexcept {
  std::memset(bytes, 0, size);
  __asm__ volatile("" : : "r"(bytes) : "memory");
}

void* reallocarray(void* memory, std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return std::realloc(memory, bytes);
}

int __memcmpeq(const void* left, const void* right, std::size_t size) { return std::memcmp(left, right, size); }

// ---- numbers from text: headers of 2.38 and later give strtol and its like another name, for binary literals ---------

#if __GLIBC_PREREQ(2, 38)
#define UDF_WITHOUT_BINARY_LITERALS(result, name)                                  \
  result udf_old_##name(const char*, char**, int) __asm__(#name);                  \
  result __isoc23_##name(const char* text, char** end, int base) noexcept;         \
  result __isoc23_##name(const char* text, char** end, int base) noexcept {        \
    return udf_old_##name(text, end, base);                                        \
  }
UDF_WITHOUT_BINARY_LITERALS(long, strtol)
UDF_WITHOUT_BINARY_LITERALS(unsigned long, strtoul)
UDF_WITHOUT_BINARY_LITERALS(long long, strtoll)
UDF_WITHOUT_BINARY_LITERALS(unsigned long long, strtoull)
#endif

}  // extern "C"

#endif
