#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace udf::detail {

/// What a column holds. Timestamp is an instant, LocalTimestamp is a date and a time of day without a zone; both are
/// microseconds since 1970-01-01 00:00. Date is days since then.
enum class Kind : std::uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float,
  Double,
  String,
  Bytes,
  Date,
  Timestamp,
  LocalTimestamp,
  Decimal,
  List,
  Struct,
};

struct Field;

/// The type of a column, as the doors and the description see it: a kind, and what that kind needs to be whole.
struct Type {
  explicit Type(Kind of = Kind::Bool);

  Kind kind;
  /// Of a decimal: its digits, and how many of them are behind the point.
  int precision = 0;
  int scale = 0;
  /// Of a struct.
  std::string name;
  /// Of a list its element, which has no name; of a struct its fields.
  std::vector<Field> children;
};

/// A column: an argument, a result, a list's elements, a struct's field.
struct Field {
  std::string name;
  Type type;
  bool nullable;
};

inline Type::Type(Kind of) : kind(of) {}

constexpr bool is_text(Kind kind) { return kind == Kind::String || kind == Kind::Bytes; }
constexpr bool is_nested(Kind kind) { return kind == Kind::List || kind == Kind::Struct; }
/// One value of fixed width in each row.
constexpr bool is_flat(Kind kind) { return !is_text(kind) && !is_nested(kind); }

/// Bytes of one row in memory, for kinds of fixed width; 0 for others.
constexpr std::size_t width_of(Kind kind) {
  switch (kind) {
    case Kind::Bool:
    case Kind::Int8:
    case Kind::UInt8:
      return 1;
    case Kind::Int16:
    case Kind::UInt16:
      return 2;
    case Kind::Int32:
    case Kind::UInt32:
    case Kind::Float:
    case Kind::Date:
      return 4;
    case Kind::Int64:
    case Kind::UInt64:
    case Kind::Double:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return 8;
    case Kind::Decimal:
      return 16;
    case Kind::String:
    case Kind::Bytes:
    case Kind::List:
    case Kind::Struct:
      break;
  }
  return 0;
}

}  // namespace udf::detail
