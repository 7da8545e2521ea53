// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"

namespace cairn::ops {

/// What pre-push does: sends the data of the commits that the Git remote does not have to their remotes.
/// `arguments` are the Git remote's name and address, `input` has a line "LOCAL-REF LOCAL-ID REMOTE-REF
/// REMOTE-ID" a ref. Only commits that change pointers or locks, and the pushed ones themselves, are looked
/// at. Where not all data can go: an error if a pushed commit itself lacks some, that is neither here nor
/// there; commits before it are only warned of. Nothing, with a warning, where no default remote is set.
Status push_pushed(project::Workspace& workspace, const std::vector<std::string>& arguments,
                   const std::string& input, const Context& context);

}  // namespace cairn::ops
