// SPDX-License-Identifier: Apache-2.0
#include "remote/layout.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"
#include "os/file.h"

namespace cairn::remote {
namespace {

constexpr std::string_view kPackSuffix = ".pack";
constexpr std::string_view kIndexSuffix = ".idx";
constexpr std::string_view kGcLockPrefix = "locks/gc-";
constexpr std::string_view kPackWord = "pack ";
constexpr std::string_view kRootWord = "root ";
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

std::string text_of(Time time) {
  return std::to_string(std::max<std::int64_t>(0, time.time_since_epoch().count()));
}

std::optional<Time> time_of(std::string_view text) {
  constexpr std::uint64_t kMaxTime = std::uint64_t{1} << 40;  // so that sums stay far from overflow
  const auto seconds = number_of(text);
  return seconds && *seconds <= kMaxTime ? std::optional(Time(std::chrono::seconds(*seconds))) : std::nullopt;
}

/// Adds what a line of the list of doomed things says; false if it says nothing.
bool add_doomed(std::string_view line, Doomed& doomed) {
  const std::size_t space = line.rfind(' ');
  const auto since = space == std::string_view::npos ? std::nullopt : time_of(line.substr(space + 1));
  if (!since || space < kPackWord.size()) {
    return false;
  }
  const std::string_view what = line.substr(kPackWord.size(), space - kPackWord.size());
  if (line.starts_with(kRootWord) && what.starts_with(kRootsPrefix)) {
    return doomed.roots.emplace(what, *since).second;
  }
  const auto pack = line.starts_with(kPackWord) ? Id::from_hex(what) : std::nullopt;
  return pack && doomed.packs.emplace(*pack, *since).second;
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
  return std::string(kRootsPrefix) + std::string(project) + "/";
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

std::string new_gc_lock_name() {
  return std::string(kGcLockPrefix) + os::random_name() + os::random_name();
}

bool is_gc_lock(std::string_view name) {
  return name.starts_with(kGcLockPrefix);
}

std::string encode_gc_lock(Time time) {
  return heading("gc") + "time " + text_of(time) + "\n";
}

Result<Time> decode_gc_lock(std::string_view text) {
  constexpr std::string_view kTimeWord = "time ";
  CAIRN_TRY(take_heading(text, "gc"));
  const auto line = take_line(text);
  const auto time = line && line->starts_with(kTimeWord) && text.empty()
                        ? time_of(line->substr(kTimeWord.size()))
                        : std::nullopt;
  return time ? Result<Time>(*time) : Error(Code::remote, "damaged gc file");
}

std::string encode_doomed(const Doomed& doomed) {
  std::string text = heading("doomed");
  for (const auto& [pack, since] : doomed.packs) {
    text += std::string(kPackWord) + pack.hex() + " " + text_of(since) + "\n";
  }
  for (const auto& [root, since] : doomed.roots) {
    text += std::string(kRootWord) + root + " " + text_of(since) + "\n";
  }
  return text;
}

Result<Doomed> decode_doomed(std::string_view text) {
  CAIRN_TRY(take_heading(text, "doomed"));
  Doomed doomed;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || !add_doomed(*line, doomed)) {
      return Error(Code::remote, "damaged doomed file");
    }
  }
  return doomed;
}

}  // namespace cairn::remote
