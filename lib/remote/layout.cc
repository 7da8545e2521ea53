// SPDX-License-Identifier: Apache-2.0
#include "remote/layout.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"

namespace cairn::remote {
namespace {

constexpr std::string_view kPackSuffix = ".pack";
constexpr std::string_view kIndexSuffix = ".idx";
constexpr unsigned kVersion = 1;
constexpr std::size_t kIdDigits = 32;

std::optional<Id> id_between(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() < prefix.size() + suffix.size()) {
    return std::nullopt;
  }
  return Id::from_hex(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
}

/// Takes the next line off `text`, without its end; nothing when there is no whole line.
std::optional<std::string_view> take_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// A decimal number as this program writes it: no sign, no leading zero.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return whole && std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

/// Checks the first line "cairn WHAT VERSION" and takes it off.
Status take_heading(std::string_view& text, std::string_view what) {
  std::string start = "cairn " + std::string(what) + " ";
  auto line = take_line(text);
  auto version = line && line->starts_with(start) ? number_of(line->substr(start.size())) : std::nullopt;
  if (version && *version > kVersion) {
    return Error(Code::unsupported,
                 "the remote needs " + std::string(what) + " format " + std::to_string(*version) +
                     "; this cairn knows up to " + std::to_string(kVersion),
                 "install a newer cairn");
  }
  return version == kVersion ? Status() : Error(Code::remote, "damaged " + std::string(what) + " file");
}

std::string heading(std::string_view what) {
  return "cairn " + std::string(what) + " " + std::to_string(kVersion) + "\n";
}

std::string line_of(const store::Object& object) {
  std::string_view kind = object.family == store::Family::tree ? "tree " : "blob ";
  return std::string(kind) + object.id.text() + " " + std::to_string(object.size) + "\n";
}

std::optional<store::Object> object_of(std::string_view line) {
  constexpr std::size_t kKindSize = 5;
  constexpr std::size_t kIdSize = 67;
  std::string_view kind = line.substr(0, kKindSize);
  if ((kind != "blob " && kind != "tree ") || line.size() < kKindSize + kIdSize + 2 ||
      line[kKindSize + kIdSize] != ' ') {
    return std::nullopt;
  }
  auto id = Id::from_text(line.substr(kKindSize, kIdSize));
  auto size = number_of(line.substr(kKindSize + kIdSize + 1));
  if (!id || !size) {
    return std::nullopt;
  }
  return store::Object{kind == "tree " ? store::Family::tree : store::Family::blob, *id, *size};
}

}  // namespace

std::string pack_name(const Id& pack) {
  return std::string(kPacksPrefix) + pack.hex() + std::string(kPackSuffix);
}

std::string index_name(const Id& index) {
  return std::string(kIndexesPrefix) + index.hex() + std::string(kIndexSuffix);
}

std::string runs_name(const Id& segment) {
  return std::string(kRunsPrefix) + segment.hex() + std::string(kRunsSuffix);
}

std::optional<Id> pack_of(std::string_view name) {
  return id_between(name, kPacksPrefix, kPackSuffix);
}
std::optional<Id> index_of(std::string_view name) {
  return id_between(name, kIndexesPrefix, kIndexSuffix);
}
std::optional<Id> runs_of(std::string_view name) {
  return id_between(name, kRunsPrefix, kRunsSuffix);
}

std::string roots_prefix(std::string_view project) {
  return "roots/" + std::string(project) + "/";
}

std::string roots_name(std::string_view project, std::string_view commit) {
  return roots_prefix(project) + std::string(commit);
}

std::string encode_format(std::string_view id) {
  return heading("remote") + "id " + std::string(id) + "\n";
}

Result<std::string> decode_format(std::string_view text) {
  CAIRN_TRY(take_heading(text, "remote"));
  auto line = take_line(text);
  if (!line || !line->starts_with("id ") || line->size() != 3 + kIdDigits || !from_hex(line->substr(3)) ||
      !text.empty()) {
    return Error(Code::remote, "damaged remote file");
  }
  return std::string(line->substr(3));
}

std::string encode_roots(std::span<const store::Object> objects) {
  std::vector<std::string> lines;
  for (const store::Object& object : objects) {
    lines.push_back(line_of(object));
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string text = heading("roots");
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

Result<std::vector<store::Object>> decode_roots(std::string_view text) {
  CAIRN_TRY(take_heading(text, "roots"));
  std::vector<store::Object> objects;
  std::string_view previous;
  while (!text.empty()) {
    auto line = take_line(text);
    auto object = line ? object_of(*line) : std::nullopt;
    if (!object || !(previous < *line)) {
      return Error(Code::remote, "damaged roots file");
    }
    previous = *line;
    objects.push_back(*object);
  }
  return objects;
}

std::string encode_index_list(std::vector<Id> indexes) {
  std::sort(indexes.begin(), indexes.end());
  std::string text = heading("index list");
  for (const Id& index : indexes) {
    text += index.hex() + "\n";
  }
  return text;
}

Result<std::vector<Id>> decode_index_list(std::string_view text) {
  CAIRN_TRY(take_heading(text, "index list"));
  std::vector<Id> indexes;
  while (!text.empty()) {
    auto line = take_line(text);
    auto id = line ? Id::from_hex(*line) : std::nullopt;
    if (!id) {
      return Error(Code::remote, "damaged index list");
    }
    indexes.push_back(*id);
  }
  return indexes;
}

}  // namespace cairn::remote
