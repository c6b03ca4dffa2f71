const names: Readonly<Record<string, string>> = {
  algorithm:
    "all_of any_of clamp copy count count_if equal fill find find_if lower_bound max max_element min min_element minmax " +
    "none_of nth_element partial_sort replace reverse rotate sort stable_sort transform unique upper_bound",
  array: "array to_array",
  bit: "bit_cast bit_ceil bit_floor bit_width countl_zero countr_zero endian has_single_bit popcount rotl rotr",
  charconv: "from_chars to_chars",
  chrono: "chrono",
  cmath:
    "abs acos asin atan atan2 cbrt ceil cos cosh erf exp exp2 expm1 fabs floor fma fmod hypot isfinite isinf isnan " +
    "lgamma log log10 log1p log2 lround nan pow remainder round sin sinh sqrt tan tanh tgamma trunc",
  cctype: "isalnum isalpha isdigit islower isspace isupper tolower toupper",
  cstddef: "byte max_align_t nullptr_t ptrdiff_t size_t",
  cstdint:
    "int16_t int32_t int64_t int8_t intmax_t intptr_t uint16_t uint32_t uint64_t uint8_t uintmax_t uintptr_t INT32_MAX " +
    "INT32_MIN INT64_MAX INT64_MIN UINT32_MAX UINT64_MAX",
  cstdio: "fprintf printf snprintf",
  cstdlib: "abort exit free getenv malloc strtod strtol",
  cstring: "memchr memcmp memcpy memmove memset strchr strcmp strlen strncmp",
  deque: "deque",
  exception: "exception terminate",
  functional: "function hash invoke ref cref",
  iostream: "cerr cin clog cout",
  limits: "numeric_limits",
  map: "map multimap",
  memory: "make_shared make_unique shared_ptr unique_ptr weak_ptr",
  mutex: "lock_guard mutex once_flag scoped_lock unique_lock",
  numbers: "numbers",
  numeric: "accumulate gcd inner_product iota lcm midpoint partial_sum reduce transform_reduce",
  optional: "make_optional nullopt optional",
  random: "mt19937 mt19937_64 normal_distribution uniform_int_distribution uniform_real_distribution",
  ranges: "ranges views",
  regex: "regex regex_match regex_replace regex_search smatch",
  set: "multiset set",
  span: "dynamic_extent span",
  sstream: "istringstream ostringstream stringstream",
  stdexcept: "domain_error invalid_argument logic_error out_of_range range_error runtime_error",
  string: "stod stoi stol stoll string to_string u8string wstring",
  string_view: "string_view",
  tuple: "make_tuple tie tuple",
  type_traits: "conditional_t decay_t enable_if_t is_same_v remove_cvref_t",
  unordered_map: "unordered_map",
  unordered_set: "unordered_set",
  utility: "exchange forward move pair swap",
  variant: "get_if holds_alternative monostate variant visit",
  vector: "vector",
};

const headers = new Map(
  Object.entries(names).flatMap(([header, all]) => all.split(" ").map((name) => [name, header] as const)),
);

/** The header of a well-known name of the C++ standard library. Source: C++20, the synopses in [library]. */
export function standardHeader(name: string): string | undefined {
  return headers.get(name);
}
