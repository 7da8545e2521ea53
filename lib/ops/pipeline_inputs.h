// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "pipeline/graph.h"
#include "project/workspace.h"

/// What a pipeline reads and none of its stages makes, and other data in its place.
namespace cairn::ops {

enum class InputKeeper : std::uint8_t {
  cairn,   ///< a pointer names it, or the folder around it
  git,     ///< a file or folder of Git
  nobody,  ///< a dep that is not here
};

struct PipelineInput {
  std::string path;  ///< project path
  InputKeeper keeper = InputKeeper::nobody;
  bool is_folder = false;               ///< not known of `nobody`
  std::optional<store::Object> object;  ///< of what has a pointer of its own
};

/// Inputs of these stages in a work tree where data need not be placed yet, sorted by path: pointers that a
/// dep touches, and deps that are no globs and do not hold pointers.
Result<std::vector<PipelineInput>> pipeline_inputs(project::Workspace& tree, const pipeline::Graph& graph,
                                                   const std::vector<pipeline::StageIndex>& stages);

/// A file or folder that takes an input's place.
struct InputChoice {
  PipelineInput input;
  std::string written;  ///< FILE as the user wrote it
  std::string file;     ///< absolute, without symlinks
};

/// Where the user's words are relative to.
struct UserFolder {
  std::string absolute;
  std::string project;  ///< the same from the project root
};

/// Reads "[INPUT=]FILE" words. A FILE alone stands for the only input that has a pointer, or, where there is
/// none, for the only one in Git. Errors: `usage` where it is not the only one, listing what can be typed,
/// for an input that is given twice, and for a file in place of a folder or the other way round; `not_found`
/// for a missing FILE, and for an unknown INPUT with the nearest one.
Result<std::vector<InputChoice>> choose_inputs(const std::vector<PipelineInput>& inputs,
                                               const std::vector<std::string>& words,
                                               const UserFolder& folder);

/// Puts the files in place in the work tree and stores them as `add` does, but those of Git; what Git does
/// not have gets a pointer. Contents are shared with FILE where the file system can. The values are the new
/// objects, nothing for Git's.
Result<std::vector<std::optional<store::Object>>> put_inputs(project::Workspace& tree,
                                                             const std::vector<InputChoice>& choices,
                                                             const Context& context);

}  // namespace cairn::ops
