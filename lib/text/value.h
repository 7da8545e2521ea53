// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace cairn::text {

/// A place in a text. Line and column count from 1, columns in characters; the offset counts bytes from 0.
/// Line 0 marks what was not read from a text.
struct Position {
  unsigned line = 0;
  unsigned column = 0;
  std::size_t offset = 0;
};

enum class Kind : std::uint8_t { null, boolean, integer, floating, string, list, map };

/// How a value stood in its file. JSON strings are double_quoted, other scalars of JSON and TOML plain.
enum class Style : std::uint8_t {
  none,  ///< made by a program
  plain,
  single_quoted,
  double_quoted,
  literal,  ///< `|`
  folded,   ///< `>`
  block,    ///< list or map by indentation, or a TOML table with a header
  flow,     ///< list or map in brackets
};

/// Where a value came from and how it was written. `raw` is the text of a scalar that is not a string, as it
/// was written (`5e-3`, `0x1F`, `~`).
struct Origin {
  Position begin;
  Position end;
  Style style = Style::none;
  std::string raw;
};

struct Entry;

/// A tree as YAML, JSON and TOML files hold it. Copying copies the whole tree. Maps keep their order; their
/// keys are strings and unique. Threads: as std::vector.
class Value {
 public:
  Value();  ///< null
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value null();
  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value floating(double value);
  static Value string(std::string_view value);
  static Value list();
  static Value list(std::vector<Value> items);
  static Value map();
  /// REQUIRES: keys are unique.
  static Value map(std::vector<Entry> entries);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is(Kind wanted) const { return kind() == wanted; }
  [[nodiscard]] bool is_scalar() const { return kind() < Kind::list; }
  /// "null", "a boolean", "an integer", "a number", "a string", "a list", "a map": for messages.
  [[nodiscard]] std::string_view type_name() const;

  /// The value itself. Errors: malformed, "PATH:LINE:COLUMN: expected a string, not an integer". as_double
  /// takes an integer too. `path` names the file in the message.
  [[nodiscard]] Result<bool> as_bool(std::string_view path) const;
  [[nodiscard]] Result<std::int64_t> as_int(std::string_view path) const;
  [[nodiscard]] Result<double> as_double(std::string_view path) const;
  [[nodiscard]] Result<std::string> as_string(std::string_view path) const;
  [[nodiscard]] Result<std::span<const Value>> as_list(std::string_view path) const;
  [[nodiscard]] Result<std::span<const Entry>> as_map(std::string_view path) const;

  /// The same for callers that have looked at kind(). REQUIRES: that kind.
  [[nodiscard]] bool bool_value() const;
  [[nodiscard]] std::int64_t int_value() const;
  [[nodiscard]] double float_value() const;
  [[nodiscard]] const std::string& string_value() const;

  /// Items of a list, entries of a map; empty for every other kind. Valid until the value changes.
  [[nodiscard]] std::span<const Value> items() const;
  [[nodiscard]] std::span<const Entry> entries() const;
  [[nodiscard]] std::span<Value> items();
  [[nodiscard]] std::span<Entry> entries();

  /// The value of `key`; null pointer if this is no map or has no such key. Cost: linear in the entries.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);

  /// Replaces the value of `key`, or adds the key at the end. REQUIRES: a map.
  Value& set(std::string_view key, Value value);
  /// True if the key was there. REQUIRES: a map.
  bool remove(std::string_view key);
  /// REQUIRES: a list.
  Value& append(Value item);
  /// Adds a key that the caller knows to be new, with its place; its value is returned. REQUIRES: a map.
  Value& append_entry(Entry entry);

  /// First byte of the value, and the byte after its last. A value that stands for an alias has the alias's
  /// place; what is inside it has the place where it was written.
  [[nodiscard]] const Position& begin() const { return origin_.begin; }
  [[nodiscard]] const Position& end() const { return origin_.end; }
  [[nodiscard]] Style style() const { return origin_.style; }
  /// The scalar as written: for a string its value, for a number made by a program its canonical text.
  /// Empty for lists and maps.
  [[nodiscard]] std::string raw() const;
  void set_origin(Origin origin) { origin_ = std::move(origin); }

  /// Same type and same value: 1, 1.0, true and "1" all differ; nan equals nan; 0.0 differs from -0.0; the
  /// order of keys and the place in the file do not count. Equal values have equal canonical() text.
  friend bool operator==(const Value& a, const Value& b);

 private:
  using List = std::vector<Value>;
  using Map = std::vector<Entry>;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data_;
  Origin origin_;
};

/// One key of a map with its place in the file.
struct Entry {
  std::string key;
  Value value;
  Position key_begin;
  Position key_end;
};

/// Compact text of the typed value, one form for equal values: `{"a":1,"b":[1.0,"x",null,true]}` with keys
/// sorted by bytes, floats always with `.` or `e` (or `.inf`, `-.inf`, `.nan`), strings always in double
/// quotes as write_yaml() escapes them. Is itself YAML. REQUIRES: strings and keys are UTF-8 (is_utf8).
std::string canonical(const Value& value);

/// "PATH:LINE:COLUMN", or "PATH" where the position is unknown; the path escaped.
std::string place(std::string_view path, const Position& at);

}  // namespace cairn::text
