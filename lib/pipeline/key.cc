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
enum class Tag : std::uint8_t {
  cmd = 1,
  shell = 2,
  wdir = 3,
  code = 4,
  deps = 5,
  params = 6,
  outs = 7,
  seed = 8,
  env = 9,
  track_env = 10,
  environment = 11,
};
constexpr std::uint8_t kCached = 1;
constexpr std::uint8_t kGlob = 2;

/// Writes docs/format/cairn-lock.md.
class KeyWriter {
 public:
  explicit KeyWriter(std::string_view folder) : folder_(folder) { append_le(bytes_, kKeyVersion); }

  void tag(Tag tag) { byte(static_cast<std::uint8_t>(tag)); }
  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void count(std::size_t count) { append_le(bytes_, std::uint64_t{count}); }
  void number(std::int64_t number) { append_le(bytes_, static_cast<std::uint64_t>(number)); }
  void id(const store::Id& id) { append(bytes_, id.bytes); }
  void text(std::string_view text) {
    count(text.size());
    append(bytes_, as_bytes(text));
  }
  void path(std::string_view path) { text(path_from(path, folder_)); }

  void paths(Tag list, const std::vector<LockedPath>& paths) {
    each(list, paths, &LockedPath::path, [this](const LockedPath& item) {
      byte(item.state.is_tree() ? 't' : 'f');
      id(item.state.object.id);
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

  void variables(Tag list, const std::vector<LockedVariable>& variables) {
    if (variables.empty()) {
      return;
    }
    tag(list);
    count(variables.size());
    for (const LockedVariable& variable : variables) {
      text(variable.name);
      byte(variable.value.has_value() ? 1 : 0);
      text(variable.value.value_or(""));
    }
  }

  /// Each as it was declared: what a glob matched, and whether an out was made, is the result.
  void outs(const std::vector<LockedOut>& outs) {
    std::vector<std::pair<std::string, std::uint8_t>> declared;
    for (const LockedOut& out : outs) {
      const std::uint8_t cached = out.cached ? kCached : 0;
      declared.emplace_back(path_from(out.declared(), folder_), out.glob.empty() ? cached : cached | kGlob);
    }
    std::sort(declared.begin(), declared.end());
    declared.erase(std::unique(declared.begin(), declared.end()), declared.end());
    tag(Tag::outs);
    count(declared.size());
    for (const auto& [path, kind] : declared) {
      text(path);
      byte(kind);
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
  key.outs(block.outs);
  if (block.seed.has_value()) {
    key.tag(Tag::seed);
    key.number(*block.seed);
  }
  key.variables(Tag::env, block.env);
  key.variables(Tag::track_env, block.track_env);
  if (block.environment.has_value()) {
    key.tag(Tag::environment);
    key.id(block.environment->id);
  }
  return key.take();
}

store::Id stage_key(const StageLock& block, std::string_view folder) {
  return codec::hash(stage_key_bytes(block, folder), codec::Domain::stage_key);
}

}  // namespace cairn::pipeline
