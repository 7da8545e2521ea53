// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/layout.h"
#include "git/oid.h"
#include "project/tracked.h"

namespace cairn::ops {

/// A state of another repository.
struct SourceRevision {
  std::string url;       ///< whatever Git takes
  std::string revision;  ///< branch, tag, commit or saved version; "": the branch that the repository names
  std::string from;      ///< absolute; a relative URL is relative to it
};

/// Whether a Git URL is a relative path of this machine.
bool is_relative_folder(std::string_view url);

/// Another repository, cloned for the moment: no file of other commits where the server allows that, and of
/// this one only what cairn keeps in Git, and what is asked for. Nothing that it contains is run.
class SourceClone {
 public:
  /// `folder` is absolute, empty, and passes away with its content; the clone goes into it. The files of Git
  /// at `path` ("": none; they may be missing) are checked out. Errors: `remote` when Git fails; `not_found`
  /// for a revision that the repository does not have.
  static Result<SourceClone> make(const SourceRevision& source, const std::string& folder,
                                  const std::string& path);

  [[nodiscard]] const git::Oid& commit() const { return *commit_; }
  [[nodiscard]] const git::Layout& layout() const { return layout_; }
  /// Absolute path of what the repository has at `path`.
  [[nodiscard]] std::string file(std::string_view path) const;

  /// The project that `path` is in, its remotes as they are meant there; null where there is none. `store` is
  /// the folder of the store that it uses, "" for one that passes away with the clone.
  [[nodiscard]] Result<std::unique_ptr<project::Workspace>> open_project(const std::string& path,
                                                                         const std::string& store) const;
  [[nodiscard]] Error nothing_at(const std::string& path) const;

 private:
  SourceClone(SourceRevision source, std::string folder) : source_(std::move(source)), folder_(folder) {}
  [[nodiscard]] std::string place() const;
  [[nodiscard]] Status choose_files(const std::string& path) const;
  Status check_out();
  [[nodiscard]] bool go_to(const std::string& revision) const;
  [[nodiscard]] Result<std::optional<git::Oid>> find_version() const;
  [[nodiscard]] Status place_remotes(project::Workspace& workspace) const;

  SourceRevision source_;
  std::string folder_;
  git::Layout layout_;
  std::optional<git::Oid> commit_;  ///< once it is made
};

/// What is tracked at a path: `inner` is what is left of the path inside it ("" for all of it).
struct TrackedAt {
  project::Tracked tracked;
  std::string inner;
};
/// Nothing where none of them is at or around the path.
std::optional<TrackedAt> find_tracked_around(const std::vector<project::Tracked>& tracked,
                                             const std::string& path);

}  // namespace cairn::ops
