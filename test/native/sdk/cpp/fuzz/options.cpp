// The sanitizers ask for their options before anything else runs, so this file is compiled without them.

extern "C" const char* __asan_default_options();
extern "C" const char* __ubsan_default_options();

extern "C" const char* __asan_default_options() {
  // a length that needs more than this has no memory, as on any machine some length has none
  return "allocator_may_return_null=1:max_allocation_size_mb=64:handle_abort=1:detect_stack_use_after_return=1";
}

/// With g++ it is a library of its own, which ends the process without asking AddressSanitizer's callback; abort() does.
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1:print_stacktrace=1"; }
