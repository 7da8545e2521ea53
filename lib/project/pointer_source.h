// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "text/value.h"

namespace cairn::project {

/// Data of another repository.
struct RepositorySource {
  std::string url;       ///< whatever Git takes; a relative one counts from the project's root
  std::string path;      ///< from the top of that repository
  std::string revision;  ///< as asked for: branch, tag, version or commit; "": the repository's own branch
  std::string commit;    ///< that the data is of: 40 or 64 hex digits

  bool operator==(const RepositorySource&) const = default;
};

/// Data that a server or a folder holds. All but the URL is what the source told of its state, in its own
/// words, and "" where it told nothing.
struct UrlSource {
  std::string url;  ///< a relative folder counts from the project's root
  std::string etag;
  std::string version;   ///< of the object, where the bucket keeps versions
  std::string modified;  ///< when it was written last
  std::string listing;   ///< of a folder: hash of its names, sizes and states

  bool operator==(const UrlSource&) const = default;
};

/// Where imported data is from: the key `source` of a pointer (docs/format/pointer.md).
using PointerSource = std::variant<RepositorySource, UrlSource>;

text::Value write_source(const PointerSource& source);
/// `path` is the pointer's, for messages. Errors: `malformed` with path:line:col; `unsupported` for a kind
/// that this build does not know.
Result<PointerSource> parse_source(const text::Value& value, std::string_view path);

const std::string& url_of(const PointerSource& source);

}  // namespace cairn::project
