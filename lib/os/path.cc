// SPDX-License-Identifier: Apache-2.0
#include "os/path.h"

#include <algorithm>
#include <filesystem>

#include "base/escape.h"

namespace cairn::os {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kMostParts = 256;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

/// Length of a code point that HFS+ leaves out of comparisons at the start of `text`: U+200C-200F,
/// U+202A-202E, U+206A-206F, U+FEFF; else 0. (Apple technical note 1150.)
std::size_t ignorable(std::string_view text) {
  if (text.size() < 3) {
    return 0;
  }
  auto third = static_cast<unsigned char>(text[2]);
  auto third_within = [&](unsigned first, unsigned last) { return third >= first && third <= last; };
  bool found = (text.starts_with("\xe2\x80") && (third_within(0x8c, 0x8f) || third_within(0xaa, 0xae))) ||
               (text.starts_with("\xe2\x81") && third_within(0xaa, 0xaf)) || text.starts_with("\xef\xbb\xbf");
  return found ? 3 : 0;
}

/// `name` as the most forgiving file system compares it: lower case, nothing ignorable.
std::string folded(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  while (!name.empty()) {
    std::size_t skipped = ignorable(name);
    if (skipped == 0) {
      out += lower(name.front());
      skipped = 1;
    }
    name.remove_prefix(skipped);
  }
  return out;
}

/// True when `part`, already folded, is `word` followed by nothing that Windows keeps: dots, spaces,
/// ":stream".
bool opens_as(std::string_view part, std::string_view word) {
  if (!part.starts_with(word)) {
    return false;
  }
  std::size_t end = part.find_first_not_of(". ", word.size());
  return end == std::string_view::npos || part[end] == ':';
}

/// True when some file system takes `name` for the folder `word`, whose short name on Windows is
/// `short_name`.
bool stands_for(std::string_view name, std::string_view word, std::string_view short_name) {
  std::string text = folded(name);
  std::string_view rest = text;
  while (true) {  // Windows separates by backslashes too
    std::size_t end = rest.find('\\');
    std::string_view part = rest.substr(0, end);
    if (opens_as(part, word) || opens_as(part, short_name)) {
      return true;
    }
    if (end == std::string_view::npos) {
      return false;
    }
    rest.remove_prefix(end + 1);
  }
}

/// Cheap test that lets nearly all names pass without the full one.
bool may_be_dot_git(std::string_view name) {
  static constexpr std::string_view kFirst = ".gG\xe2\xef";
  return kFirst.find(name.front()) != std::string_view::npos || name.find('\\') != std::string_view::npos;
}

/// The rule that `name` breaks, as the end of a sentence; "" if it breaks none.
std::string_view broken_rule(std::string_view name) {
  if (name.empty()) {
    return "a name cannot be empty";
  }
  if (name == "." || name == "..") {
    return "'.' and '..' are not names";
  }
  if (name.size() > kLongestName) {
    return "a name has at most 255 bytes";
  }
  if (name.find('/') != std::string_view::npos) {
    return "a name cannot hold a slash";
  }
  if (name.find('\0') != std::string_view::npos) {
    return "a name cannot hold a NUL byte";
  }
  if (may_be_dot_git(name) && stands_for(name, ".git", "git~1")) {
    return "some file systems take it for '.git'";
  }
  return {};
}

/// The rule that `path` breaks as a whole.
std::string_view broken_path_rule(std::string_view path, const std::vector<std::string_view>& parts) {
  if (path.empty()) {
    return "a path cannot be empty";
  }
  if (path.size() > kLongestPath) {
    return "a path has at most 4096 bytes";
  }
  if (path.front() == '/') {
    return "it is not relative";
  }
  if (parts.size() > kMostParts) {
    return "a path has at most 256 parts";
  }
  if (stands_for(parts.front(), ".cairn", "cairn~1")) {
    return "'.cairn' belongs to cairn itself";
  }
  return {};
}

bool is_device(std::string_view name) {
  std::string stem = lowered(name.substr(0, name.find('.')));
  stem.erase(stem.find_last_not_of(' ') + 1);
  static constexpr std::string_view kDevices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  if (std::find(std::begin(kDevices), std::end(kDevices), stem) != std::end(kDevices)) {
    return true;
  }
  if (!stem.starts_with("com") && !stem.starts_with("lpt")) {
    return false;
  }
  std::string_view number = std::string_view(stem).substr(3);
  bool digit = number.size() == 1 && number[0] >= '0' && number[0] <= '9';
  return digit || number == "\xc2\xb9" || number == "\xc2\xb2" || number == "\xc2\xb3";  // superscript 1 to 3
}

bool has_ignorable(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (ignorable(name.substr(i)) != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

Status check_name(std::string_view name) {
  std::string_view rule = broken_rule(name);
  return rule.empty() ? Status()
                      : Error(Code::malformed, "bad name " + quoted(name) + ": " + std::string(rule));
}

Status check_relative(std::string_view path) {
  std::vector<std::string_view> parts = parts_of(path);
  std::string_view rule = broken_path_rule(path, parts);
  for (std::size_t i = 0; i < parts.size() && rule.empty(); ++i) {
    rule = broken_rule(parts[i]);
  }
  return rule.empty() ? Status()
                      : Error(Code::malformed, "bad path " + quoted(path) + ": " + std::string(rule));
}

bool is_portable_name(std::string_view name) {
  static constexpr std::string_view kForbidden = "<>:\"|?*\\/";
  auto bad = [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || kForbidden.find(c) != std::string_view::npos;
  };
  if (name.empty() || name.ends_with('.') || name.ends_with(' ') ||
      std::any_of(name.begin(), name.end(), bad)) {
    return false;
  }
  return !is_device(name) && is_utf8(name) && !has_ignorable(name);
}

std::string join(std::string_view a, std::string_view b) {
  std::string out;
  out.reserve(a.size() + 1 + b.size());
  out += a;
  if (!a.empty() && !a.ends_with('/')) {
    out += '/';
  }
  out += b;
  return out;
}

std::string_view parent_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) {
      break;
    }
    path.remove_prefix(slash + 1);
    if (path.empty()) {
      parts.push_back(path);  // after a trailing slash
    }
  }
  return parts;
}

bool is_within(std::string_view path, std::string_view folder) {
  if (folder.empty() || path == folder) {
    return true;
  }
  return path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/');
}

std::string normalized(std::string_view path) {
  bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::string_view part : parts_of(path)) {
    if (part.empty() || part == ".") {
      continue;
    }
    bool goes_back = part == ".." && !kept.empty() && kept.back() != "..";
    bool stays_at_top = part == ".." && kept.empty() && rooted;  // above "/" is "/" itself
    if (goes_back) {
      kept.pop_back();
    } else if (!stays_at_top) {
      kept.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::string_view part : kept) {
    out = join(out, part);
  }
  return out;
}

Result<std::string> absolute(std::string_view path) {
  if (path.starts_with('/')) {
    return normalized(path);
  }
  std::error_code failure;
  std::string here = std::filesystem::current_path(failure).string();
  if (failure) {
    return Error::from_errno(failure.value(), "cannot find the current folder for", path);
  }
  return normalized(join(here, path));
}

std::string relative_to(std::string_view path, std::string_view base) {
  CAIRN_CHECK(path.starts_with('/') && base.starts_with('/'));
  if (path == base) {
    return ".";
  }
  std::vector<std::string_view> to = parts_of(path.substr(1));
  std::vector<std::string_view> from = parts_of(base.substr(1));
  auto [to_rest, from_rest] = std::mismatch(to.begin(), to.end(), from.begin(), from.end());
  std::string out;
  for (auto up = from_rest; up != from.end(); ++up) {
    out = join(out, "..");
  }
  for (auto down = to_rest; down != to.end(); ++down) {
    out = join(out, *down);
  }
  return out;
}

}  // namespace cairn::os
