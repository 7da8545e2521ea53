// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/code.h"
#include "pipeline/inputs.h"
#include "pipeline/stage.h"

/// What a stage was seen to touch, held against what it declares. Pure. Paths are relative to the project
/// root.
namespace cairn::pipeline {

/// What one run of a stage did to the project's files, as a tracer reports it.
struct Touched {
  std::vector<std::string> reads;    ///< files whose content came from outside the stage
  std::vector<std::string> writes;   ///< files that it made or changed
  std::vector<std::string> made;     ///< folders that it made
  std::vector<std::string> removed;  ///< what it removed and had not made
  std::vector<std::string> listed;   ///< folders whose names it read
};

/// What a stage declares, globs resolved.
struct Declared {
  std::vector<std::string> inputs;   ///< deps, code, params files; a folder stands for all in it
  std::vector<std::string> outputs;  ///< outs
};
/// Globs are taken from `inputs`, found before the run; outs of a glob also from `outs`, found after it.
Declared declared_by(const Stage& stage, const Inputs& inputs, const std::vector<FoundPath>& outs = {});

/// What is around the stage.
struct UndeclaredRules {
  const TrackedFiles& tracked;
  /// Reads and writes inside these do not count: virtual environments.
  std::vector<std::string> apart;
  /// Outs of all stages: none may come to lie in a reported folder.
  std::vector<std::string> all_outs;
};

/// A file, or a folder that stands for many.
struct UndeclaredPath {
  std::string path;
  std::size_t files = 1;  ///< seen in a folder; 0 for a folder that stayed empty
  bool folder = false;
  bool code = false;  ///< Git tracks it (of a folder: all that was seen in it)

  /// "a.csv", "data/".
  [[nodiscard]] std::string shown() const;
  bool operator==(const UndeclaredPath&) const = default;
};

/// Sorted by path.
struct Undeclared {
  std::vector<UndeclaredPath> reads;
  std::vector<UndeclaredPath> writes;
  std::vector<UndeclaredPath> removed;
  /// Folders of which only the names were read, which declares nothing wrong by itself: searching for
  /// something elsewhere does it too. Those with anything declared, touched or tracked inside are not here.
  std::vector<std::string> listed = {};

  /// `listed` does not count.
  [[nodiscard]] bool any() const { return !reads.empty() || !writes.empty() || !removed.empty(); }
};

/// What was touched without being declared. A read of an own out is declared. cairn's and Git's own files
/// (cairn.yaml, cairn.lock, pointers, .cairnignore, .gitignore, .gitattributes) do not count as read, and
/// what is in `__pycache__` does not count as written; a compiled Python module that was read counts as its
/// source. Ten or more files or folders side by side are told as their folder, as far as no out and nothing
/// of the other kind (read, written) is in it; a folder that the stage made is told whole.
Undeclared find_undeclared(const Declared& declared, const Touched& touched, const UndeclaredRules& rules);

}  // namespace cairn::pipeline
