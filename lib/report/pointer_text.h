// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "project/pointer.h"
#include "store/reader.h"

namespace cairn::report {

/// What a pointer says, for Git's diff: its keys with the hash cut short and the size readable, then the
/// content by lines that stay the same where the content does (folder_lines; content_parts of a file of
/// several chunks). `reader` is null where there is no store. What the store lacks is said so, with what to
/// type. Reads lists and recipes, no data; the same store and pointer give the same text. Errors: `corrupt`.
Result<std::string> pointer_text(const project::Pointer& pointer, store::Reader* reader);

}  // namespace cairn::report
