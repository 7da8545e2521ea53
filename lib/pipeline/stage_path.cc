// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::pipeline {
namespace {

/// "s3://bucket/x", "remote://name/x".
bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) {
    return false;
  }
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

}  // namespace

Result<std::string> resolve_path(std::string_view written, std::string_view base) {
  const auto refuse = [written](std::string_view why) {
    return Error(Code::malformed, fmt::format("path {} {}", quoted(written), why));
  };
  if (written.empty()) {
    return refuse("is empty");
  }
  if (is_url(written)) {
    return refuse("is a URL; bring data from elsewhere in with cairn import");
  }
  if (written.front() == '/') {
    return refuse("is absolute; write it relative to the stage's folder, or bring it in with cairn import");
  }
  std::string path = os::normalized(os::join(base, written));
  if (path == ".." || path.starts_with("../")) {
    return refuse("is outside the project");
  }
  if (!path.empty()) {
    CAIRN_TRY(os::check_relative(path));
  }
  return path;
}

std::string path_from(std::string_view path, std::string_view base) {
  if (path == base) {
    return ".";
  }
  return base.empty() ? std::string(path)
                      : os::relative_to(fmt::format("/{}", path), fmt::format("/{}", base));
}

}  // namespace cairn::pipeline
