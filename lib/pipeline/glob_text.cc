// SPDX-License-Identifier: Apache-2.0
#include "pipeline/glob_text.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "git/glob.h"
#include "pipeline/stage_path.h"

namespace cairn::pipeline {
namespace {

/// The text without its escapes, and whether it holds a wildcard that is not escaped.
Result<WrittenPattern> unescaped(std::string_view written) {
  WrittenPattern pattern;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (c == '\\') {
      if (i + 1 == written.size() ||
          std::string_view("*?[]\\").find(written[i + 1]) == std::string_view::npos) {
        return Error(Code::malformed,
                     fmt::format("path {} has a backslash that escapes none of * ? [ ] \\; write / between "
                                 "folders, and \\\\ for a backslash in a name",
                                 quoted(written)));
      }
      pattern.path += written[++i];
      continue;
    }
    pattern.glob = pattern.glob || c == '*' || c == '?' || c == '[';
    pattern.path += c;
  }
  return pattern;
}

}  // namespace

std::string escaped_glob(std::string_view path) {
  std::string glob;
  for (char c : path) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) {
      glob += '\\';
    }
    glob += c;
  }
  return glob;
}

Result<WrittenPattern> resolve_pattern(std::string_view written, std::string_view base) {
  CAIRN_TRY_ASSIGN(WrittenPattern pattern, unescaped(written));
  if (pattern.glob) {
    CAIRN_TRY_ASSIGN(pattern.path, resolve_glob(written, base));
  } else {
    CAIRN_TRY_ASSIGN(pattern.path, resolve_path(pattern.path, base));
  }
  return pattern;
}

Result<std::string> resolve_glob(std::string_view written, std::string_view base) {
  CAIRN_TRY_ASSIGN(std::string glob, resolve_path(written, escaped_glob(base)));
  if (!git::PathGlob::compile(glob)) {
    return Error(Code::malformed,
                 fmt::format("glob {} can never match: it has an open bracket or a backslash at "
                             "the end of a part",
                             quoted(written)));
  }
  return glob;
}

}  // namespace cairn::pipeline
