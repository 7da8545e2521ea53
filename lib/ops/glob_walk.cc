// SPDX-License-Identifier: Apache-2.0
#include "ops/glob_walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"
#include "project/pointer.h"
#include "project/scan.h"

namespace cairn::ops {
namespace {

bool steers_cairn_or_git(std::string_view name) {
  constexpr std::string_view kNames[] = {"cairn.yaml", "cairn.lock",     ".cairnignore",
                                         ".gitignore", ".gitattributes", ".gitmodules"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
         project::is_pointer_path(name);
}

bool is_repository_or_project(std::string_view name) {
  return name == ".git" || name == ".cairn";
}

}  // namespace

struct GlobWalk::Walk {
  pipeline::PathPattern pattern;
  git::PathGlob glob;
  std::vector<std::string> found;
};

std::string glob_base(std::string_view pattern) {
  return pipeline::PathPattern::glob(pattern).base();
}

Result<std::vector<std::string>> GlobWalk::matches(const std::string& pattern) {
  std::optional<git::PathGlob> glob = git::PathGlob::compile(pattern);
  if (!glob.has_value()) {
    return std::vector<std::string>();
  }
  Walk state{pipeline::PathPattern::glob(pattern), std::move(*glob), {}};
  std::string base = state.pattern.base();
  // A pattern without wildcards matches a name in its parent folder.
  base = base == state.pattern.prefix() ? std::string(os::parent_of(base)) : base;
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace_.files().find_stat(base));
  CAIRN_TRY_ASSIGN(const project::IgnoreFiles ignore,
                   project::IgnoreFiles::load(workspace_.files(), std::string(os::parent_of(base))));
  const bool ignored =
      !base.empty() && project::IgnoreFiles::is_ignored(ignore.match(base, git::PathKind::folder));
  if (!ignored && stat.has_value() && stat->kind == os::Kind::folder) {
    CAIRN_TRY(walk(state, base));
  }
  std::sort(state.found.begin(), state.found.end());
  return std::move(state.found);
}

Result<GlobWalk::Listing> GlobWalk::read_folder(const std::string& folder) {
  CAIRN_TRY(context_.check_stop());
  const os::Root& root = workspace_.files();
  CAIRN_TRY_ASSIGN(const os::Fd fd, root.open_folder(folder));
  CAIRN_TRY_ASSIGN(std::vector<os::DirEntry> entries, os::list_folder(fd.get(), root.shown(folder)));
  Listing listing;
  CAIRN_TRY_ASSIGN(listing.ignore, project::IgnoreFiles::load(root, folder));
  for (os::DirEntry& entry : entries) {
    if (is_repository_or_project(entry.name)) {
      if (!folder.empty()) {
        return Listing();  // it looks after its own files
      }
      continue;
    }
    os::Kind kind = entry.kind;
    if (kind == os::Kind::other) {
      CAIRN_TRY_ASSIGN(const auto stat, os::find_stat_at(fd.get(), entry.name));
      kind = stat.has_value() ? stat->kind : os::Kind::other;
    }
    const bool is_folder = kind == os::Kind::folder;
    const bool ignored = listing.ignore.ignores_entry(
        os::join(folder, entry.name), is_folder ? git::PathKind::folder : git::PathKind::file);
    if (!ignored && kind != os::Kind::other && (is_folder || !steers_cairn_or_git(entry.name)) &&
        !project::is_leftover_name(entry.name) && os::check_name(entry.name).ok()) {
      listing.names.push_back({std::move(entry.name), is_folder});
    }
  }
  return listing;
}

Result<const GlobWalk::Listing*> GlobWalk::listing(const std::string& folder) {
  auto known = listings_.find(folder);
  if (known == listings_.end()) {
    CAIRN_TRY_ASSIGN(Listing listing, read_folder(folder));
    known = listings_.emplace(folder, std::move(listing)).first;
  }
  return &known->second;
}

Status GlobWalk::walk(Walk& walk, const std::string& folder) {
  CAIRN_TRY_ASSIGN(const Listing* here, listing(folder));
  // Where the pattern's fixed beginning ends in this folder, only names that begin so can match.
  std::string_view begin = walk.pattern.prefix();
  const bool inside = folder.empty() || begin.starts_with(folder + "/");
  begin.remove_prefix(inside && !folder.empty() ? folder.size() + 1 : 0);
  begin = inside ? begin.substr(0, begin.find('/')) : std::string_view();
  auto at = std::lower_bound(here->names.begin(), here->names.end(), begin,
                             [](const Name& name, std::string_view wanted) { return name.name < wanted; });
  for (; at != here->names.end() && std::string_view(at->name).starts_with(begin); ++at) {
    std::string path = os::join(folder, at->name);
    if (walk.glob.matches(path)) {
      if (walk.found.size() == kMaxMatches) {
        return Error(Code::malformed,
                     fmt::format("{} matches more than {} paths", quoted(walk.pattern.text()), kMaxMatches),
                     "name their folder instead");
      }
      walk.found.push_back(std::move(path));
    } else if (at->is_folder && walk.pattern.can_be_inside(path)) {
      CAIRN_TRY(this->walk(walk, path));
    }
  }
  return {};
}

void GlobWalk::forget(std::string_view path) {
  if (const auto above = listings_.find(os::parent_of(path)); above != listings_.end()) {
    listings_.erase(above);
  }
  if (const auto itself = listings_.find(path); itself != listings_.end()) {
    listings_.erase(itself);
  }
  const std::string inside = path.empty() ? "" : std::string(path) + "/";
  for (auto at = listings_.lower_bound(inside); at != listings_.end() && at->first.starts_with(inside);) {
    at = listings_.erase(at);
  }
}

}  // namespace cairn::ops
