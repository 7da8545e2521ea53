// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/revision_content.h"
#include "report/profile.h"

namespace cairn::ops {

/// By the suffix; `unsupported` for what is no table.
Result<report::RecordFormat> table_format(const std::string& path);

/// The profile of a table. That of content whose id is known is taken from the store's folder, or made and
/// put there; one that is damaged there, or cannot be written, is no error. Errors: those of open_content and
/// report::build_profile; those of table_format.
Result<report::Profile> find_profile(project::Workspace& workspace, const ChosenRevision& revision,
                                     const FileContent& file, const Context& context);

}  // namespace cairn::ops
