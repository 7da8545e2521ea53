// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "project/ignore_files.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What globs of a cairn.yaml match in the workspace. A match is taken whole: what is inside a folder that
/// matches is not looked at. Never matched or entered are `.git`, `.cairn`, folders with one of them inside
/// (other repositories and projects), what .cairnignore names, unfinished files of killed runs, and the files
/// that steer cairn and Git (cairn.yaml, cairn.lock, pointers, .gitignore, …). Symlinks match and are not
/// entered. Listings are remembered until forget(). Not thread-safe.
class GlobWalk {
 public:
  /// More matches than this are an error: a lock is not for so many lines.
  static constexpr std::size_t kMaxMatches = 100'000;

  GlobWalk(project::Workspace& workspace, const Context& context)
      : workspace_(workspace), context_(context) {}

  /// Paths that match now, sorted by bytes; none where the pattern can never match. Cost: by the folders that
  /// may hold a match.
  Result<std::vector<std::string>> matches(const std::string& pattern);

  /// What is in this path, or in the folder that holds it, may have changed.
  void forget(std::string_view path);

 private:
  struct Name {
    std::string name;
    bool is_folder = false;
  };
  struct Listing {
    std::vector<Name> names;  // sorted; without what never matches
    project::IgnoreFiles ignore;
  };
  struct Walk;

  Result<const Listing*> listing(const std::string& folder);
  Result<Listing> read_folder(const std::string& folder);
  Status walk(Walk& walk, const std::string& folder);

  project::Workspace& workspace_;
  const Context& context_;
  std::map<std::string, Listing, std::less<>> listings_;
};

/// The folder that a pattern's matches are inside of, "" for the project root.
std::string glob_base(std::string_view pattern);

}  // namespace cairn::ops
