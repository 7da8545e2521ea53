// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/stage.h"

namespace cairn::pipeline {

/// Files that Git tracks, by path from the project root. Threads: safe to read from any.
class TrackedFiles {
 public:
  virtual ~TrackedFiles() = default;
  [[nodiscard]] virtual bool contains(std::string_view path) const = 0;
  /// Calls `use` for every tracked file inside `folder` ("" for all), in any order.
  virtual void each_inside(std::string_view folder,
                           const std::function<void(std::string_view)>& use) const = 0;
};

/// The words of a shell script that could name a file it reads, in order: quotes removed; without operators,
/// comments, words with expansions or wildcards, and targets of ">". A word with "=" ("--name=value") counts,
/// and so does its value. Not a full shell parser: a path that the script computes is not found and belongs
/// under `deps` or `code`.
std::vector<std::string> command_words(std::string_view script);

/// The code of a stage: tracked files named by words of its command (relative to its wdir) and matched by its
/// globs (as git::PathGlob; one that matches a folder means all in it), sorted, without its deps, outs
/// and params files and what is inside them. A params file in Python stays: it has more than parameters.
std::vector<std::string> code_files(const Stage& stage, const TrackedFiles& tracked);

}  // namespace cairn::pipeline
