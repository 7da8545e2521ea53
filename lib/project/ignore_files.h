// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "git/wildmatch.h"
#include "os/root.h"

namespace cairn::project {

inline constexpr std::string_view kIgnoreFile = ".cairnignore";

/// The .cairnignore rules that hold in one folder: those of the folder and of all above it, up to the project
/// root. Cheap to copy. Threads: const functions may be called at once.
class IgnoreFiles {
 public:
  /// Rules for `folder`, from its own file and all above.
  static Result<IgnoreFiles> load(const os::Root& root, const std::string& folder);
  /// The same rules with those of `folder`/.cairnignore added, if there is one. REQUIRES: `folder` is inside
  /// this one's.
  [[nodiscard]] Result<IgnoreFiles> entered(const os::Root& root, const std::string& folder) const;

  /// Whether `path` itself is ignored, not looking at its parents: a walk does not enter ignored folders.
  [[nodiscard]] bool ignores_entry(std::string_view path, git::PathKind kind) const {
    return !rules_->empty() && is_ignored(rules_->match_entry(path, kind));
  }
  /// The rule that decides about `path` or one of its parents; nullptr if none does.
  [[nodiscard]] const git::IgnoreRule* match(std::string_view path, git::PathKind kind) const {
    return rules_->match(path, kind);
  }
  static bool is_ignored(const git::IgnoreRule* rule) { return rule != nullptr && !rule->negated; }

 private:
  std::shared_ptr<const git::IgnoreRules> rules_ = std::make_shared<const git::IgnoreRules>();
};

}  // namespace cairn::project
