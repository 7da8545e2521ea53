// SPDX-License-Identifier: Apache-2.0
#include "project/undo_journal.h"

#include <limits>

#include "codec/hash.h"
#include "os/file.h"
#include "os/path.h"

// The file: "cairn undo 1\n", then fields one after the other, then XXH3-64 of all before it (8 bytes).
// Numbers are little-endian; a string is its length (4 bytes) and its bytes; an optional is one byte, 1 if
// the value follows.
//   command, optional move (from, to), number of entries (4 bytes); of each entry: path, which of data,
//   pointer and record it has (one byte: 1 + 2 + 4), then data, pointer and record before and after, each
//   optional. An object: family (1), executable (1), id (32), size (8).

namespace cairn::project {
namespace {

constexpr std::string_view kHeader = "cairn undo 1\n";
constexpr std::uint64_t kSizeLimit = std::uint64_t{1} << 30;
constexpr std::uint8_t kData = 1;
constexpr std::uint8_t kPointer = 2;
constexpr std::uint8_t kRecord = 4;

void put(Buffer& out, const std::string& text) {
  append_le(out, static_cast<std::uint32_t>(text.size()));
  append(out, as_bytes(text));
}

void put(Buffer& out, const Materialised::Entry& entry) {
  out.push_back(static_cast<std::uint8_t>(entry.object.family));
  out.push_back(entry.executable ? 1 : 0);
  append(out, entry.object.id.bytes);
  append_le(out, entry.object.size);
}

template <class T>
void put(Buffer& out, const std::optional<T>& value) {
  out.push_back(value ? 1 : 0);
  if (value) {
    put(out, *value);
  }
}

void put(Buffer& out, const UndoEntry& entry) {
  put(out, entry.path);
  out.push_back(static_cast<std::uint8_t>((entry.has_data ? kData : 0) | (entry.has_pointer ? kPointer : 0) |
                                          (entry.has_record ? kRecord : 0)));
  put(out, entry.before);
  put(out, entry.after);
  put(out, entry.pointer_before);
  put(out, entry.pointer_after);
  put(out, entry.record_before);
  put(out, entry.record_after);
}

/// Reads what put() wrote. The checksum was right, so a wrong field is a fault of ours or forged; both end in
/// ok() being false.
class Source {
 public:
  explicit Source(Bytes bytes) : reader_(bytes) {}

  std::uint8_t byte() { return reader_.le<std::uint8_t>(); }
  std::uint32_t number() { return reader_.le<std::uint32_t>(); }

  void get(std::string& out) { out = as_text(reader_.take(number())); }

  void get(Materialised::Entry& out) {
    const std::uint8_t family = byte();
    ok_ = ok_ && family <= static_cast<std::uint8_t>(store::Family::tree);
    out.object.family = family == 0 ? store::Family::blob : store::Family::tree;
    out.executable = byte() != 0;
    const Bytes id = reader_.take(out.object.id.bytes.size());
    std::copy(id.begin(), id.end(), out.object.id.bytes.begin());
    out.object.size = reader_.le<std::uint64_t>();
  }

  template <class T>
  void get(std::optional<T>& out) {
    if (byte() != 0) {
      get(out.emplace());
    }
  }

  void get(UndoEntry& out) {
    get(out.path);
    const std::uint8_t has = byte();
    out.has_data = (has & kData) != 0;
    out.has_pointer = (has & kPointer) != 0;
    out.has_record = (has & kRecord) != 0;
    get(out.before);
    get(out.after);
    get(out.pointer_before);
    get(out.pointer_after);
    get(out.record_before);
    get(out.record_after);
  }

  [[nodiscard]] bool ok() const { return ok_ && reader_.ok(); }
  [[nodiscard]] bool at_end() const { return reader_.at_end(); }

 private:
  ByteReader reader_;
  bool ok_ = true;
};

}  // namespace

UndoRecord inverse(UndoRecord record) {
  for (UndoEntry& entry : record.entries) {
    std::swap(entry.before, entry.after);
    std::swap(entry.pointer_before, entry.pointer_after);
    std::swap(entry.record_before, entry.record_after);
  }
  if (record.moved) {
    std::swap(record.moved->first, record.moved->second);
  }
  return record;
}

Buffer encode_undo(const UndoRecord& record) {
  CAIRN_CHECK(record.entries.size() <= std::numeric_limits<std::uint32_t>::max());
  Buffer out;
  append(out, as_bytes(kHeader));
  put(out, record.command);
  out.push_back(record.moved ? 1 : 0);
  if (record.moved) {
    put(out, record.moved->first);
    put(out, record.moved->second);
  }
  append_le(out, static_cast<std::uint32_t>(record.entries.size()));
  for (const UndoEntry& entry : record.entries) {
    put(out, entry);
  }
  append_le(out, codec::checksum(out));
  return out;
}

std::optional<UndoRecord> decode_undo(Bytes bytes) {
  constexpr std::size_t kSum = sizeof(std::uint64_t);
  if (bytes.size() < kHeader.size() + kSum || as_text(bytes.first(kHeader.size())) != kHeader) {
    return std::nullopt;
  }
  const Bytes body = bytes.first(bytes.size() - kSum);
  if (load_le<std::uint64_t>(bytes.last(kSum).data()) != codec::checksum(body)) {
    return std::nullopt;
  }
  Source source(body.subspan(kHeader.size()));
  UndoRecord record;
  source.get(record.command);
  if (source.byte() != 0) {
    record.moved.emplace();
    source.get(record.moved->first);
    source.get(record.moved->second);
  }
  for (std::uint32_t left = source.number(); left > 0 && source.ok(); --left) {
    source.get(record.entries.emplace_back());
  }
  return source.ok() && source.at_end() ? std::optional(std::move(record)) : std::nullopt;
}

Status save_undo(const std::string& path, const UndoRecord& record) {
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(path))));
  return os::write_atomic(path, encode_undo(record));
}

Result<std::optional<UndoRecord>> load_undo(const std::string& path) {
  CAIRN_TRY_ASSIGN(std::optional<Buffer> bytes, os::find_file(path, kSizeLimit));
  return bytes ? decode_undo(*bytes) : std::optional<UndoRecord>();
}

std::vector<store::Object> objects_of(const UndoRecord& record) {
  std::vector<store::Object> objects;
  for (const UndoEntry& entry : record.entries) {
    for (const auto& state : {entry.before, entry.after, entry.record_before, entry.record_after}) {
      if (state) {
        objects.push_back(state->object);
      }
    }
  }
  return objects;
}

}  // namespace cairn::project
