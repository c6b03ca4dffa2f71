// Lets a module run on an older glibc than the one it is built on: takes the old version of those functions that have
// got a new one since glibc 2.17. Each is a hidden function of this object that jumps to the old version; the linker
// prefers it to the one in glibc, also for the static parts of libstdc++ and for the author's libraries. The old
// versions compute the same, and glibc keeps them for ever. What a module does not use is dropped with its section.

#include <cstddef>  // for __GLIBC__

#if defined(__GLIBC__) && defined(__x86_64__)

// clang-format off
#define UDF_OLD(name, version)                                      \
  __asm__(".pushsection .text.udf_old." #name ",\"ax\",@progbits\n" \
          ".symver udf_old_" #name ", " #name "@GLIBC_" version "\n" \
          ".globl " #name "\n"                                      \
          ".hidden " #name "\n"                                     \
          ".type " #name ", @function\n"                            \
          #name ":\n"                                               \
          "  endbr64\n"                                             \
          "  jmp *udf_old_" #name "@GOTPCREL(%rip)\n"               \
          ".size " #name ", . - " #name "\n"                        \
          ".popsection\n");
// clang-format on

// libm: the new versions only do without the error handling of System V.
UDF_OLD(exp, "2.2.5")
UDF_OLD(exp2, "2.2.5")
UDF_OLD(exp2f, "2.2.5")
UDF_OLD(expf, "2.2.5")
UDF_OLD(fmod, "2.2.5")
UDF_OLD(fmodf, "2.2.5")
UDF_OLD(hypot, "2.2.5")
UDF_OLD(hypotf, "2.2.5")
UDF_OLD(lgamma, "2.2.5")
UDF_OLD(lgammaf, "2.2.5")
UDF_OLD(log, "2.2.5")
UDF_OLD(log2, "2.2.5")
UDF_OLD(log2f, "2.2.5")
UDF_OLD(logf, "2.2.5")
UDF_OLD(pow, "2.2.5")
UDF_OLD(powf, "2.2.5")

// libpthread, libdl and librt moved into libc in 2.34 (some in 2.32); hosts such as Node and Python have loaded them
// where they are libraries of their own.
UDF_OLD(dladdr, "2.2.5")
UDF_OLD(dlclose, "2.2.5")
UDF_OLD(dlerror, "2.2.5")
UDF_OLD(dlopen, "2.2.5")
UDF_OLD(dlsym, "2.2.5")
UDF_OLD(__pthread_key_create, "2.2.5")
UDF_OLD(pthread_attr_getstack, "2.2.5")
UDF_OLD(pthread_attr_getstacksize, "2.2.5")
UDF_OLD(pthread_attr_setstacksize, "2.2.5")
UDF_OLD(pthread_barrier_destroy, "2.2.5")
UDF_OLD(pthread_barrier_init, "2.2.5")
UDF_OLD(pthread_barrier_wait, "2.2.5")
UDF_OLD(pthread_cancel, "2.2.5")
UDF_OLD(pthread_condattr_setclock, "2.3.3")
UDF_OLD(pthread_create, "2.2.5")
UDF_OLD(pthread_detach, "2.2.5")
UDF_OLD(pthread_getaffinity_np, "2.3.4")
UDF_OLD(pthread_getattr_np, "2.2.5")
UDF_OLD(pthread_getname_np, "2.12")
UDF_OLD(pthread_getspecific, "2.2.5")
UDF_OLD(pthread_join, "2.2.5")
UDF_OLD(pthread_key_create, "2.2.5")
UDF_OLD(pthread_key_delete, "2.2.5")
UDF_OLD(pthread_kill, "2.2.5")
UDF_OLD(pthread_mutex_timedlock, "2.2.5")
UDF_OLD(pthread_mutex_trylock, "2.2.5")
UDF_OLD(pthread_mutexattr_destroy, "2.2.5")
UDF_OLD(pthread_mutexattr_init, "2.2.5")
UDF_OLD(pthread_mutexattr_settype, "2.2.5")
UDF_OLD(pthread_once, "2.2.5")
UDF_OLD(pthread_rwlock_destroy, "2.2.5")
UDF_OLD(pthread_rwlock_init, "2.2.5")
UDF_OLD(pthread_rwlock_rdlock, "2.2.5")
UDF_OLD(pthread_rwlock_timedrdlock, "2.2.5")
UDF_OLD(pthread_rwlock_timedwrlock, "2.2.5")
UDF_OLD(pthread_rwlock_tryrdlock, "2.2.5")
UDF_OLD(pthread_rwlock_trywrlock, "2.2.5")
UDF_OLD(pthread_rwlock_unlock, "2.2.5")
UDF_OLD(pthread_rwlock_wrlock, "2.2.5")
UDF_OLD(pthread_setaffinity_np, "2.3.4")
UDF_OLD(pthread_setname_np, "2.12")
UDF_OLD(pthread_setspecific, "2.2.5")
UDF_OLD(pthread_sigmask, "2.2.5")
UDF_OLD(pthread_spin_destroy, "2.2.5")
UDF_OLD(pthread_spin_init, "2.2.5")
UDF_OLD(pthread_spin_lock, "2.2.5")
UDF_OLD(pthread_spin_trylock, "2.2.5")
UDF_OLD(pthread_spin_unlock, "2.2.5")
UDF_OLD(sem_destroy, "2.2.5")
UDF_OLD(sem_getvalue, "2.2.5")
UDF_OLD(sem_init, "2.2.5")
UDF_OLD(sem_post, "2.2.5")
UDF_OLD(sem_timedwait, "2.2.5")
UDF_OLD(sem_trywait, "2.2.5")
UDF_OLD(sem_wait, "2.2.5")
UDF_OLD(shm_open, "2.2.5")
UDF_OLD(shm_unlink, "2.2.5")
UDF_OLD(timer_create, "2.3.3")
UDF_OLD(timer_delete, "2.3.3")
UDF_OLD(timer_settime, "2.3.3")

#endif
