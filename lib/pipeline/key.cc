// SPDX-License-Identifier: Apache-2.0
#include "pipeline/key.h"

#include <algorithm>

#include "codec/hash.h"
#include "pipeline/stage_path.h"
#include "text/value.h"

namespace cairn::pipeline {
namespace {

constexpr std::uint32_t kKeyVersion = 1;

/// What follows. Part of the format; never renumber.
enum class Tag : std::uint8_t { cmd = 1, shell = 2, wdir = 3, code = 4, deps = 5, params = 6, outs = 7 };

/// Writes docs/format/cairn-lock.md.
class KeyWriter {
 public:
  explicit KeyWriter(std::string_view folder) : folder_(folder) { append_le(bytes_, kKeyVersion); }

  void tag(Tag tag) { byte(static_cast<std::uint8_t>(tag)); }
  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void count(std::size_t count) { append_le(bytes_, std::uint64_t{count}); }
  void text(std::string_view text) {
    count(text.size());
    append(bytes_, as_bytes(text));
  }
  void path(std::string_view path) { text(path_from(path, folder_)); }

  void paths(Tag list, const std::vector<LockedPath>& paths) {
    each(list, paths, &LockedPath::path, [this](const LockedPath& item) {
      byte(item.state.is_tree() ? 't' : 'f');
      append(bytes_, item.state.object.id.bytes);
      byte(item.state.executable ? 1 : 0);
    });
  }

  /// The items in the order of their paths as written, which a moved folder does not change.
  template <class T, class Write>
  void each(Tag list, const std::vector<T>& items, std::string T::*path, Write write) {
    std::vector<std::pair<std::string, const T*>> sorted;
    sorted.reserve(items.size());
    for (const T& item : items) {
      sorted.emplace_back(path_from(item.*path, folder_), &item);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    tag(list);
    count(sorted.size());
    for (const auto& item : sorted) {
      text(item.first);
      write(*item.second);
    }
  }

  Buffer take() { return std::move(bytes_); }

 private:
  std::string_view folder_;
  Buffer bytes_;
};

}  // namespace

Buffer stage_key_bytes(const StageLock& block, std::string_view folder) {
  KeyWriter key(folder);
  key.tag(Tag::cmd);
  key.text(block.cmd);
  key.tag(Tag::shell);
  key.text(block.shell);
  key.tag(Tag::wdir);
  key.path(block.wdir);
  key.paths(Tag::code, block.code);
  key.paths(Tag::deps, block.deps);
  key.each(Tag::params, block.params, &LockedParam::file, [&key](const LockedParam& param) {
    key.text(param.key);
    key.text(text::canonical(param.value));
  });
  key.each(Tag::outs, block.outs, &LockedOut::path,
           [&key](const LockedOut& out) { key.byte(out.cached ? 1 : 0); });
  return key.take();
}

store::Id stage_key(const StageLock& block, std::string_view folder) {
  return codec::hash(stage_key_bytes(block, folder), codec::Domain::stage_key);
}

}  // namespace cairn::pipeline
