// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "os/file.h"
#include "os/process.h"
#include "os/root.h"

namespace cairn::runner {

/// Whether bubblewrap is used where it is installed and works.
enum class Boxing : std::uint8_t { where_possible, never };

/// What an isolated command sees of a project. Paths are relative to `root`.
struct IsolateOptions {
  std::string root;    ///< absolute, without symlinks
  std::string parent;  ///< absolute folder for the temporary tree, best on the project's file system
  /// Files, folders and symlinks to copy; those inside another are taken once. Contents are shared by
  /// reflink where possible, never hard-linked: the command may write to them.
  std::vector<std::string> inputs;
  std::vector<std::string> folders;  ///< made empty where missing: its working folder, parents of its outs
  std::vector<std::string> shared;   ///< folders seen in place, not copied: a virtual environment
  Boxing boxing = Boxing::where_possible;
};

/// A temporary tree that holds only given parts of a project, to run one command in. With bubblewrap the tree
/// stands at the project's own path, all other files are read-only, and /tmp is private; without it the
/// command runs in the tree where it is, and can reach everything else by absolute paths. The network is as
/// it was. Gone, with all that was not brought back, at the end of its scope.
class Isolation {
 public:
  /// Errors: `not_found` for a missing input, `interrupted` once `stop` is set.
  static Result<Isolation> prepare(const IsolateOptions& options, const std::atomic<bool>& stop);

  /// True when the tree will stand at the project's path.
  [[nodiscard]] bool boxed() const { return no_box_.empty(); }
  /// Why it will not: "bubblewrap (bwrap) is not installed".
  [[nodiscard]] const std::string& why_not_boxed() const { return no_box_; }
  /// The project as the command will see it: for CAIRN_ROOT, and for TraceOptions::root.
  [[nodiscard]] const std::string& seen_root() const { return boxed() ? project_.path() : tree_.path(); }

  /// Where the tree is for everybody but the command.
  [[nodiscard]] const os::Root& tree() const { return tree_; }

  /// Makes the command that is started with these options run in the tree. Its folder, inside the project,
  /// is translated; CAIRN_ROOT is set, and in a box TMPDIR. In a box a missing program or folder shows only
  /// as exit status 1 and a line of bwrap's on stderr, and death by a signal as exit status 128 + signal.
  void wrap(os::ProcessOptions& options) const;

  /// Moves outs that the command made into the project, in place of what stands there, by rename, or by
  /// copying from another file system. Those that it did not make are passed over. After an error some may
  /// have been moved; each is in the project either whole or as it was before.
  [[nodiscard]] Status bring_back(const std::vector<std::string>& outs, const std::atomic<bool>& stop) const;

 private:
  Isolation(os::TempFolder folder, os::Root project, os::Root tree, std::vector<std::string> shared,
            std::string no_box)
      : folder_(std::move(folder)),
        project_(std::move(project)),
        tree_(std::move(tree)),
        shared_(std::move(shared)),
        no_box_(std::move(no_box)) {}

  [[nodiscard]] Status bring_back_one(const std::string& out, const std::atomic<bool>& stop) const;
  [[nodiscard]] std::vector<std::string> box_words(const std::string& folder) const;

  os::TempFolder folder_;
  os::Root project_;
  os::Root tree_;
  std::vector<std::string> shared_;
  std::string no_box_;
};

}  // namespace cairn::runner
