// AddressSanitizer asks for its options before anything else runs, so this file is compiled without it.

extern "C" const char* __asan_default_options();

extern "C" const char* __asan_default_options() {
  // a length that needs more than this has no memory, as on any machine some length has none
  return "allocator_may_return_null=1:max_allocation_size_mb=64:handle_abort=1:detect_stack_use_after_return=1";
}
