// SPDX-License-Identifier: Apache-2.0
#include "ops/recorded_data.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"

namespace cairn::ops {
namespace {

using pipeline::PathState;
using store::TreeEntry;
using store::TreeKind;

/// Nothing for a symlink.
std::optional<PathState> state_of(const TreeEntry& entry) {
  switch (entry.kind) {
    case TreeKind::file:
    case TreeKind::executable:
      return PathState{{store::Family::blob, entry.id, entry.size}, 0, entry.kind == TreeKind::executable};
    case TreeKind::folder:
      return PathState{{store::Family::tree, entry.id, entry.size}, entry.files, false};
    case TreeKind::symlink:
      break;
  }
  return std::nullopt;
}

TreeEntry entry_of(const PathState& state) {
  TreeEntry entry;
  entry.kind = state.is_tree() ? TreeKind::folder : state.executable ? TreeKind::executable : TreeKind::file;
  entry.id = state.object.id;
  entry.size = state.object.size;
  entry.files = state.files;
  return entry;
}

/// Adds entries, with all that is in them, to the scan of a folder.
class ScanFiller {
 public:
  explicit ScanFiller(project::Scan& scan) : scan_(scan) {
    for (const project::ScannedFile& file : scan.files) {
      known_.insert(file.path);
    }
  }

  /// With the folders above it that are not there.
  template <class FindTree>
  Status add(const std::string& path, const TreeEntry& entry, const FindTree& find_tree) {
    for (std::string_view up = os::parent_of(path); !up.empty(); up = os::parent_of(up)) {
      TreeEntry folder;
      folder.kind = TreeKind::folder;
      put(std::string(up), folder);
    }
    put(path, entry);
    if (entry.kind != TreeKind::folder) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const store::Tree* tree, find_tree(entry.id));
    for (const TreeEntry& inner : tree->entries) {
      CAIRN_TRY(add(os::join(path, inner.name), inner, find_tree));
    }
    return {};
  }

  void finish() { std::ranges::sort(scan_.files, {}, &project::ScannedFile::path); }

 private:
  void put(const std::string& path, const TreeEntry& entry) {
    if (!known_.insert(path).second) {
      return;
    }
    project::ScannedFile file;
    file.path = path;
    file.kind = entry.kind;
    file.stat.size = entry.size;
    file.target = entry.target;
    if (entry.kind == TreeKind::file || entry.kind == TreeKind::executable) {
      file.id = entry.id;
    }
    scan_.files.push_back(std::move(file));
  }

  project::Scan& scan_;
  std::set<std::string, std::less<>> known_;
};

/// Collects what a pattern matches. What is inside a match is not looked at.
class Matcher {
 public:
  Matcher(const std::string& text, git::PathGlob glob)
      : pattern_(pipeline::PathPattern::glob(text)), glob_(std::move(glob)) {}

  /// A path, or the first folder above it that matches.
  template <class FindTree>
  Status look_from_top(const std::string& path, const TreeEntry& entry, const FindTree& find_tree) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      const std::string folder = path.substr(0, slash);
      if (glob_.matches(folder)) {
        found_.insert(folder);
        return {};
      }
    }
    return look(path, entry, find_tree);
  }

  std::vector<std::string> take() const { return {found_.begin(), found_.end()}; }

 private:
  template <class FindTree>
  Status look(const std::string& path, const TreeEntry& entry, const FindTree& find_tree) {
    if (glob_.matches(path)) {
      found_.insert(path);
      return {};
    }
    if (entry.kind != TreeKind::folder || !pattern_.can_be_inside(path)) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const store::Tree* tree, find_tree(entry.id));
    for (const TreeEntry& inner : tree->entries) {
      CAIRN_TRY(look(os::join(path, inner.name), inner, find_tree));
    }
    return {};
  }

  pipeline::PathPattern pattern_;
  git::PathGlob glob_;
  std::set<std::string> found_;
};

}  // namespace

Result<const store::Tree*> RecordedData::tree(const store::Id& id, std::string_view path) const {
  const auto known = trees_.find(id);
  if (known == trees_.end()) {
    return Error(Code::not_found, "what is in " + quoted(path) + " is not known here",
                 "cairn pull " + escaped(path));
  }
  return &known->second;
}

Result<std::optional<PathState>> RecordedData::find(std::string_view path) const {
  std::string_view top = path;
  auto at = recorded_.find(top);
  while (at == recorded_.end() && !top.empty()) {
    top = os::parent_of(top);
    at = recorded_.find(top);
  }
  if (at == recorded_.end()) {
    return std::optional<PathState>();
  }
  std::optional<PathState> state = at->second;
  while (state && top.size() < path.size()) {
    if (!state->is_tree()) {
      return std::optional<PathState>();
    }
    CAIRN_TRY_ASSIGN(const store::Tree* here, tree(state->object.id, top));
    const std::size_t begin = top.size() + 1;
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const TreeEntry* entry = here->find(path.substr(begin, end - begin));
    state = entry == nullptr ? std::nullopt : state_of(*entry);
    top = path.substr(0, end);
  }
  return state;
}

Result<std::vector<std::string>> RecordedData::matches(const std::string& pattern) const {
  std::optional<git::PathGlob> glob = git::PathGlob::compile(pattern);
  if (!glob) {
    return std::vector<std::string>();
  }
  Matcher matcher(pattern, std::move(*glob));
  for (const auto& [path, state] : recorded_) {
    CAIRN_TRY(matcher.look_from_top(path, entry_of(state),
                                    [this, &path = path](const store::Id& id) { return tree(id, path); }));
  }
  return matcher.take();
}

bool RecordedData::holds(std::string_view path) const {
  for (; !path.empty(); path = os::parent_of(path)) {
    if (recorded_.contains(path)) {
      return true;
    }
  }
  return false;
}

bool RecordedData::is_inside(const std::string& folder) const {
  const std::string prefix = folder.empty() ? "" : folder + "/";
  const auto at = recorded_.lower_bound(prefix);
  return at != recorded_.end() && at->first.starts_with(prefix);
}

Status RecordedData::add_inside(const std::string& folder, std::optional<project::Scan>& scan) const {
  if (!is_inside(folder) || (scan && scan->kind != os::Kind::folder)) {
    return {};
  }
  if (!scan) {
    scan.emplace();
    scan->kind = os::Kind::folder;
  }
  const std::string prefix = folder.empty() ? "" : folder + "/";
  std::erase_if(scan->files, [&](const project::ScannedFile& file) { return holds(prefix + file.path); });
  ScanFiller filler(*scan);
  for (auto at = recorded_.lower_bound(prefix); at != recorded_.end() && at->first.starts_with(prefix);
       ++at) {
    const std::string& path = at->first;
    CAIRN_TRY(filler.add(path.substr(prefix.size()), entry_of(at->second),
                         [this, &path](const store::Id& id) { return tree(id, path); }));
  }
  filler.finish();
  return {};
}

}  // namespace cairn::ops
