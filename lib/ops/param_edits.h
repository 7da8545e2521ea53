// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/override.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Params files with values set.
struct ParamEdits {
  std::vector<std::string> set;              ///< "params.yaml:lr=0.1", in the order of the values
  std::map<std::string, std::string> files;  ///< new texts by project path
};

/// `folder`: that files of `values` are relative to, from the project root. `read` gives the text of a params
/// file by its project path. Errors: `usage` for a value that cannot be set; those of `read`.
Result<ParamEdits> edit_params(const std::vector<pipeline::Override>& values, const std::string& folder,
                               const std::function<Result<std::string>(const std::string& file)>& read);

/// Writes the texts into a work tree.
Status write_params(const project::Workspace& tree, const ParamEdits& edits);

}  // namespace cairn::ops
