// SPDX-License-Identifier: Apache-2.0
#include "remote/open.h"

#include <charconv>

#include "base/escape.h"
#include "os/path.h"
#include "transport/dir.h"

namespace cairn::remote {
namespace {

/// "%20" is a space; nothing when a "%" is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    unsigned value = 0;
    std::string_view digits = text.substr(i + 1, 2);
    auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || parsed.ptr != digits.data() + 2) {
      return std::nullopt;
    }
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return out;
}

Result<std::string> folder_of_url(std::string_view rest, std::string_view url) {
  auto path = percent_decoded(rest);
  if (!path || !path->starts_with('/')) {
    return Error(Code::usage, "the remote URL " + quoted(url) + " names no folder of this machine",
                 "write it as file:///PATH, or as a plain path");
  }
  return *path;
}

/// The scheme of "scheme://…", "" for a path.
std::string_view scheme_of(std::string_view url) {
  std::size_t end = url.find("://");
  bool is_path = end == std::string_view::npos || url.substr(0, end).find('/') != std::string_view::npos;
  return is_path ? std::string_view() : url.substr(0, end);
}

}  // namespace

Result<std::unique_ptr<transport::Transport>> open_transport(std::string_view url, std::string_view base) {
  std::string_view scheme = scheme_of(url);
  if (!scheme.empty() && scheme != "file") {
    return Error(Code::unsupported,
                 "this cairn has no remotes of the kind " + quoted(std::string(scheme) + "://"),
                 "use a folder, or a URL that starts with file://");
  }
  std::string path(url);
  if (!scheme.empty()) {
    CAIRN_TRY_ASSIGN(path, folder_of_url(url.substr(scheme.size() + 3), url));
  }
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error(Code::usage, "the remote has no URL",
                 "cairn remote remove NAME, then cairn remote add NAME URL");
  }
  std::string full = path.starts_with('/') ? path : os::join(base, path);
  return std::unique_ptr<transport::Transport>(
      std::make_unique<transport::DirTransport>(os::normalized(full)));
}

}  // namespace cairn::remote
