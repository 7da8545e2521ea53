// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "project/pointer_source.h"
#include "store/key.h"
#include "text/value.h"

namespace cairn::project {

inline constexpr std::string_view kPointerSuffix = ".cairn";

/// What `NAME.cairn` says about NAME beside it (docs/format/pointer.md).
struct Pointer {
  store::Object object;
  bool executable = false;                ///< of a single file
  std::uint64_t files = 0;                ///< of a folder
  std::optional<PointerSource> source;    ///< of an import whose content is still the source's
  text::Value user = text::Value::map();  ///< the user's own keys desc, remote, push, meta; kept on rewrite

  [[nodiscard]] bool is_tree() const { return object.family == store::Family::tree; }
  /// Makes it name other content, which is not the source's any more; the same content changes nothing.
  void set_object(const store::Object& other) {
    if (object != other) {
      object = other;
      source.reset();
    }
  }
  bool operator==(const Pointer&) const = default;
};

/// Canonical bytes. The same pointer gives the same bytes everywhere. REQUIRES: size and files are below
/// 2^63, as parse_pointer ensures.
std::string write_pointer(const Pointer& pointer);
/// Errors: `malformed` with path:line:col for an unknown key, a wrong type or hash, or a missing last line
/// end (the file was cut); `unsupported` for a newer version, naming it, and for an unknown kind of
/// import; `conflict` for one that a merge left with markers. CRLF line ends are accepted.
Result<Pointer> parse_pointer(std::string_view text, std::string_view path);

/// True for "NAME.cairn" with a NAME, by the last part of `path`.
bool is_pointer_path(std::string_view path);
/// The data's path of a pointer's path. REQUIRES: is_pointer_path(path).
std::string_view data_path(std::string_view pointer_path);
/// The pointer's path of a data path.
std::string pointer_path(std::string_view data_path);

}  // namespace cairn::project
