// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::pipeline {

/// `path` as a glob that matches only itself.
std::string escaped_glob(std::string_view path);

/// A path as deps and outs write it.
struct WrittenPattern {
  std::string path;  ///< as resolve_path(); of a glob the pattern, else without escapes
  bool glob = false;
};

/// What `written`, a path or a glob relative to `base`, means from the project root. `*`, `?` and `[` make a
/// glob; `\` before one of `* ? [ ] \` takes it literally. "" for the root itself. Errors: as resolve_path;
/// a backslash before anything else, a glob that can never match.
Result<WrittenPattern> resolve_pattern(std::string_view written, std::string_view base);

/// The same for what is always a glob.
Result<std::string> resolve_glob(std::string_view written, std::string_view base);

}  // namespace cairn::pipeline
