#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>

namespace udf::detail {

/// Finds a struct's fields by argument-dependent lookup, in whichever namespace the struct lives.
template <class Struct>
struct StructTag {};

template <class Struct, class MemberType>
struct StructField {
  using Member = MemberType;
  std::string_view name;
  Member Struct::* member;
};

template <class... Fields>
struct StructFields {
  static constexpr std::size_t count = sizeof...(Fields);
  std::string_view name;
  std::tuple<Fields...> fields;
};

/// `name` may be qualified; callers see its last part.
template <class... Fields>
constexpr StructFields<Fields...> describe_struct(std::string_view name, Fields... fields) {
  const auto colon = name.rfind(':');
  return {colon == std::string_view::npos ? name : name.substr(colon + 1), {fields...}};
}

template <class T>
concept NamedStruct = requires { udf_struct_fields(StructTag<T>{}); };

template <NamedStruct T>
inline constexpr auto struct_fields = udf_struct_fields(StructTag<T>{});

/// Calls `each(index, field)` for every field of a struct.
template <NamedStruct T, class Each>
constexpr void for_each_field(const Each& each) {
  std::apply(
      [&](const auto&... field) {
        std::size_t index = 0;
        (each(index++, field), ...);
      },
      struct_fields<T>.fields);
}

}  // namespace udf::detail

// Applies `each(Type, field)` to every field, separated by commas. Each rescan doubles what is expanded, so that far
// more than the 16 fields that UDF_STRUCT allows are counted, and none is dropped unseen.
#define UDF_DETAIL_PARENTHESES ()
#define UDF_DETAIL_EXPAND(...) UDF_DETAIL_EXPAND3(UDF_DETAIL_EXPAND3(UDF_DETAIL_EXPAND3(__VA_ARGS__)))
#define UDF_DETAIL_EXPAND3(...) UDF_DETAIL_EXPAND2(UDF_DETAIL_EXPAND2(UDF_DETAIL_EXPAND2(__VA_ARGS__)))
#define UDF_DETAIL_EXPAND2(...) UDF_DETAIL_EXPAND1(UDF_DETAIL_EXPAND1(UDF_DETAIL_EXPAND1(__VA_ARGS__)))
#define UDF_DETAIL_EXPAND1(...) __VA_ARGS__
#define UDF_DETAIL_FIELDS(Type, ...) __VA_OPT__(UDF_DETAIL_EXPAND(UDF_DETAIL_NEXT_FIELD(Type, __VA_ARGS__)))
#define UDF_DETAIL_NEXT_FIELD(Type, field, ...)                                                  \
  ::udf::detail::StructField<Type, decltype(Type::field)>{#field, &Type::field} __VA_OPT__(      \
      , UDF_DETAIL_NEXT_FIELD_AGAIN UDF_DETAIL_PARENTHESES(Type, __VA_ARGS__))
#define UDF_DETAIL_NEXT_FIELD_AGAIN() UDF_DETAIL_NEXT_FIELD

/// Lets functions take and give a struct: several columns at once. Write it after the struct, in the struct's own namespace,
/// with 1 to 16 fields: `UDF_STRUCT(Route, km, band)`.
#define UDF_STRUCT(Type, ...)                                                                          \
  [[maybe_unused]] constexpr auto udf_struct_fields(::udf::detail::StructTag<Type>) {                  \
    constexpr auto described = ::udf::detail::describe_struct(#Type, UDF_DETAIL_FIELDS(Type, __VA_ARGS__)); \
    static_assert(decltype(described)::count <= 16, "udf: a struct has at most 16 fields");            \
    static_assert(::udf::detail::supported_fields<decltype(described)>,                                \
                  "udf: a field's type is none that a column holds; see the types in docs/authoring.md");  \
    return described;                                                                                  \
  }
