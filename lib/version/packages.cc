// SPDX-License-Identifier: Apache-2.0
#include "version/packages.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "text/json.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view text) {
  std::size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// Text that may come from anywhere, as the record can hold it.
std::string clean(std::string_view text) {
  return is_utf8(text) ? std::string(text) : escaped(text);
}

/// The value of "Version: 1.0" among the headers of a package's metadata.
std::string version_header(const std::string& path) {
  auto content = os::find_file(path);
  if (!content.ok() || !content->has_value()) {
    return "";
  }
  for (std::string_view rest = as_text(**content); !rest.empty();) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = trimmed(rest.substr(0, end));
    if (line.empty()) {
      break;  // the end of the headers
    }
    if (line.starts_with("Version:")) {
      return clean(trimmed(line.substr(8)));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return "";
}

/// Where a distribution came from, when not from an index (PEP 610).
std::string origin_of(const std::string& folder) {
  auto content = os::find_file(os::join(folder, "direct_url.json"));
  if (!content.ok() || !content->has_value()) {
    return "";
  }
  auto document = text::parse_json(as_text(**content), "direct_url.json");
  if (!document.ok()) {
    return "";
  }
  const Value* vcs = document->find("vcs_info");
  const Value* commit = vcs != nullptr ? vcs->find("commit_id") : nullptr;
  if (commit != nullptr && commit->is(Kind::string)) {
    return " (git " + commit->string_value() + ")";
  }
  const Value* dir = document->find("dir_info");
  const Value* editable = dir != nullptr ? dir->find("editable") : nullptr;
  return editable != nullptr && *editable == Value::boolean(true) ? " (editable)" : "";
}

/// "numpy-1.26.4" in two; the version is empty when there is none.
std::pair<std::string_view, std::string_view> split_stem(std::string_view stem) {
  std::size_t dash = stem.rfind('-');
  return dash == std::string_view::npos ? std::pair(stem, std::string_view())
                                        : std::pair(stem.substr(0, dash), stem.substr(dash + 1));
}

void add_dist_info(Packages& packages, const std::string& folder, const std::string& entry) {
  std::string_view stem =
      std::string_view(entry).substr(0, entry.size() - std::string_view(".dist-info").size());
  auto [name, version] = split_stem(stem);
  std::string path = os::join(folder, entry);
  std::string found = version.empty() ? version_header(os::join(path, "METADATA")) : clean(version);
  packages.add(normalized_name(clean(name)), found + origin_of(path));
}

/// "foo-1.0-py3.11.egg-info" or "foo.egg-info", a file or a folder.
void add_egg_info(Packages& packages, const std::string& folder, const std::string& entry) {
  std::string_view stem =
      std::string_view(entry).substr(0, entry.size() - std::string_view(".egg-info").size());
  if (std::size_t tag = stem.rfind("-py"); tag != std::string_view::npos) {
    stem = stem.substr(0, tag);
  }
  auto [name, version] = split_stem(stem);
  std::string path = os::join(folder, entry);
  std::string found = clean(version);
  if (found.empty()) {
    found = version_header(os::join(path, "PKG-INFO"));
  }
  packages.add(normalized_name(clean(name)), found.empty() ? version_header(path) : found);
}

Result<std::vector<os::DirEntry>> list_if_there(const std::string& folder) {
  auto entries = os::list_folder(folder);
  if (!entries.ok() && entries.error().code() == Code::not_found) {
    return std::vector<os::DirEntry>();
  }
  return entries;
}

/// The file of "-r FILE", "--requirement=FILE", "-c FILE"; "" for any other line.
std::string_view included_file(std::string_view line) {
  for (std::string_view option : {"-r", "-c", "--requirement", "--constraint"}) {
    if (line.starts_with(option) && line.size() > option.size()) {
      std::string_view rest = line.substr(option.size());
      if (option.size() > 2 && rest.find_first_of("= \t") != 0) {
        continue;
      }
      return trimmed(rest.substr(rest.front() == '=' ? 1 : 0));
    }
  }
  return "";
}

/// "numpy[extra] == 1.26.4 ; marker --hash=…": adds numpy.
void add_pin(Packages& pins, std::string_view line) {
  std::size_t equals = line.find("==");
  std::size_t marker = line.find(';');
  if (equals == std::string_view::npos || equals > marker) {
    return;
  }
  std::string_view name = trimmed(line.substr(0, std::min(line.find('['), equals)));
  std::string_view version = line.substr(line.find_first_not_of("=", equals) == std::string_view::npos
                                             ? line.size()
                                             : line.find_first_not_of("=", equals));
  version = trimmed(version);
  version = version.substr(0, version.find_first_of(" \t;,#"));
  constexpr std::string_view kNameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (!name.empty() && name.find_first_not_of(kNameBytes) == std::string_view::npos && !version.empty() &&
      version.find('*') == std::string_view::npos) {
    pins.add(normalized_name(name), clean(version));
  }
}

}  // namespace

Value Packages::to_value() const {
  Value out = Value::map();
  for (const auto& [name, versions] : versions_) {
    std::string text;
    for (const std::string& version : versions) {
      text += (text.empty() ? "" : ", ") + version;
    }
    out.append_entry({name, Value::string(text), {}, {}});
  }
  return out;
}

std::string normalized_name(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      if (!out.ends_with('-')) {
        out += '-';
      }
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

Result<Packages> distributions_in(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto entries, list_if_there(folder));
  Packages packages;
  for (const os::DirEntry& entry : entries) {
    if (entry.name.starts_with('~')) {
      continue;  // what pip left of a removed one
    }
    if (entry.name.ends_with(".dist-info")) {
      add_dist_info(packages, folder, entry.name);
    } else if (entry.name.ends_with(".egg-info")) {
      add_egg_info(packages, folder, entry.name);
    }
  }
  return packages;
}

Result<Packages> distributions_below(const std::string& prefix) {
  Packages packages;
  for (std::string_view library : {"lib", "lib64", "local/lib"}) {
    std::string folder = os::join(prefix, library);
    CAIRN_TRY_ASSIGN(auto entries, list_if_there(folder));
    for (const os::DirEntry& entry : entries) {
      if (!entry.name.starts_with("python") && !entry.name.starts_with("pypy")) {
        continue;
      }
      for (std::string_view packages_folder : {"site-packages", "dist-packages"}) {
        std::string path = os::join(os::join(folder, entry.name), packages_folder);
        CAIRN_TRY_ASSIGN(Packages found, distributions_in(path));
        packages.add_missing(std::move(found));
      }
    }
  }
  return packages;
}

Requirements parse_requirements(std::string_view text) {
  Requirements out;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('-')) {
      std::string_view file = included_file(line);
      file = trimmed(file.substr(0, file.find(" #")));
      if (!file.empty()) {
        out.includes.emplace_back(file);
      }
    } else if (!line.starts_with('#')) {
      add_pin(out.pins, line.substr(0, line.find(" #")));
    }
  }
  return out;
}

Packages locked_packages(const Value& document) {
  Packages out;
  for (std::string_view key : {"package", "packages"}) {
    const Value* list = document.find(key);
    if (list == nullptr) {
      continue;
    }
    for (const Value& item : list->items()) {
      const Value* name = item.find("name");
      const Value* version = item.find("version");
      if (name != nullptr && name->is(Kind::string)) {
        out.add(name->string_value(), version != nullptr ? version->raw() : "");
      }
    }
  }
  return out;
}

}  // namespace cairn::version
