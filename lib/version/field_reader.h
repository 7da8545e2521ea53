// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "store/key.h"
#include "text/diagnostics.h"
#include "text/value.h"

namespace cairn::version {

/// Reads the keys of records that cairn wrote as YAML, and notes every problem: what is wrong gives "" or 0.
/// Internal to version/.
class FieldReader {
 public:
  explicit FieldReader(text::Diagnostics& problems) : problems_(problems) {}

  void problem(const text::Position& at, std::string message) { problems_.add(at, std::move(message)); }
  void unknown_key(const text::Entry& entry);
  /// Notes those of `keys` that `map`, shown as `what` ("" for the whole document), does not have.
  void require(const text::Value& map, std::string_view what, std::initializer_list<std::string_view> keys);

  std::string text_of(const text::Entry& entry);
  /// From 0 to `most`.
  std::int64_t number_of(const text::Entry& entry, std::int64_t most = INT64_MAX);
  std::uint64_t size_of(const text::Entry& entry) { return static_cast<std::uint64_t>(number_of(entry)); }
  bool boolean_of(const text::Entry& entry);
  /// As plain_path writes it.
  std::string path_of(const text::Entry& entry);
  store::Id id_of(const text::Entry& entry);
  /// Of utc_text's form (run_record.h).
  std::int64_t time_of(const text::Entry& entry);
  /// A map with `hash` and `size`.
  store::Object object_of(const text::Entry& entry, store::Family family);
  /// Notes it when the value is not of this kind.
  bool is(const text::Entry& entry, text::Kind kind, std::string_view wanted);

 private:
  text::Diagnostics& problems_;
};

/// Checks the line 'cairn: N' of a record that `name` calls by its kind ("run record"). Errors: `malformed`;
/// `unsupported` for a version above 1, naming it.
Status check_record_version(const text::Value& document, std::string_view name);

}  // namespace cairn::version
