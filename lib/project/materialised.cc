// SPDX-License-Identifier: Apache-2.0
#include "project/materialised.h"

#include <fmt/format.h>

#include <charconv>

#include "os/file.h"
#include "os/path.h"

// The file, one line an entry, sorted by path:
//   cairn materialised 1
//   file|exec|tree|part b3:DIGITS SIZE PATH in PATH "\n" and "\\" stand for a line end and a backslash
//   checksum 16DIGITS                       XXH3-64 of all before this line

namespace cairn::project {
namespace {

constexpr std::string_view kHeader = "cairn materialised 1\n";
constexpr std::string_view kChecksumWord = "checksum ";
constexpr std::uint64_t kSizeLimit = std::uint64_t{1} << 30;

using Entries = std::map<std::string, Materialised::Entry, std::less<>>;

std::string escape_line(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescape_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view kind_word(const Materialised::Entry& entry) {
  if (entry.object.family == store::Family::tree) {
    return entry.part ? "part" : "tree";
  }
  return entry.executable ? "exec" : "file";
}

std::string checksum_line(std::string_view body) {
  return fmt::format("{}{:016x}\n", kChecksumWord, codec::checksum(as_bytes(body)));
}

/// The text up to `end`, which is removed from `rest` with it.
std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

bool parse_line(std::string_view line, Entries& out) {
  const std::string_view kind = take_until(line, ' ');
  const std::optional<store::Id> id = store::Id::from_text(take_until(line, ' '));
  const std::string_view digits = take_until(line, ' ');
  Materialised::Entry entry;
  const auto number = std::from_chars(digits.data(), digits.data() + digits.size(), entry.object.size);
  const bool is_tree = kind == "tree" || kind == "part";
  if ((kind != "file" && kind != "exec" && !is_tree) || !id || number.ec != std::errc{} ||
      number.ptr != digits.data() + digits.size()) {
    return false;
  }
  entry.object.family = is_tree ? store::Family::tree : store::Family::blob;
  entry.object.id = *id;
  entry.executable = kind == "exec";
  entry.part = kind == "part";
  return out.emplace(unescape_line(line), entry).second;
}

/// Nothing when any byte of the text is not as it was written.
std::optional<Entries> parse(std::string_view text) {
  const std::size_t tail = kChecksumWord.size() + 17;
  if (!text.starts_with(kHeader) || text.size() < kHeader.size() + tail) {
    return std::nullopt;
  }
  std::string_view body = text.substr(0, text.size() - tail);
  if (text.substr(body.size()) != checksum_line(body)) {
    return std::nullopt;
  }
  body.remove_prefix(kHeader.size());
  Entries entries;
  while (!body.empty()) {
    if (!parse_line(take_until(body, '\n'), entries)) {
      return std::nullopt;
    }
  }
  return entries;
}

std::string write(const Entries& entries) {
  std::string out(kHeader);
  for (const auto& [path, entry] : entries) {
    out += fmt::format("{} {} {} {}\n", kind_word(entry), entry.object.id.text(), entry.object.size,
                       escape_line(path));
  }
  out += checksum_line(out);
  return out;
}

}  // namespace

Result<Materialised> Materialised::load(const std::string& path, os::Durable durable) {
  Materialised out;
  out.path_ = path;
  out.durable_ = durable;
  // Looked at before it is read: should it be replaced in between, it is read again.
  CAIRN_TRY_ASSIGN(out.stat_, os::find_stat(path));
  CAIRN_TRY_ASSIGN(const std::optional<Buffer> bytes, os::find_file(path, kSizeLimit));
  if (bytes) {
    out.entries_ = parse(as_text(*bytes)).value_or(Entries());
  }
  return out;
}

const Materialised::Entry* Materialised::find(std::string_view path) const {
  const auto it = entries_.find(path);
  return it == entries_.end() ? nullptr : &it->second;
}

void Materialised::set(std::string_view path, const Entry& entry) {
  const auto it = entries_.find(path);
  if (it != entries_.end() && it->second == entry && it->second.part == entry.part) {
    return;
  }
  entries_.insert_or_assign(std::string(path), entry);
  changes_.insert_or_assign(std::string(path), entry);
}

void Materialised::erase(std::string_view path) {
  if (const auto it = entries_.find(path); it != entries_.end()) {
    entries_.erase(it);
    changes_.insert_or_assign(std::string(path), std::nullopt);
  }
}

Status Materialised::refresh() {
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> now, os::find_stat(path_));
  if (now == stat_) {
    return {};
  }
  CAIRN_TRY_ASSIGN(Materialised read, load(path_, durable_));
  for (const auto& [path, entry] : changes_) {
    if (entry) {
      read.entries_.insert_or_assign(path, *entry);
    } else {
      read.entries_.erase(path);
    }
  }
  read.changes_ = std::move(changes_);
  *this = std::move(read);
  return {};
}

Status Materialised::save() {
  if (changes_.empty()) {
    return {};
  }
  CAIRN_TRY(refresh());
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(path_)), durable_));
  CAIRN_TRY(os::write_atomic(path_, as_bytes(write(entries_)), {0666, false, durable_}));
  changes_.clear();
  CAIRN_TRY_ASSIGN(stat_, os::find_stat(path_));
  return {};
}

}  // namespace cairn::project
