// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "git/hook_move.h"
#include "git/layout.h"

namespace cairn::ops {

/// Brings data along after Git moved: in each project of the work tree, what pointers and locks name that
/// differ between the two commits, and nothing else; data that no pointer names any more goes, where it is as
/// cairn left it. Where there are no two commits it is about the known pointers and locks that Git has
/// written since cairn last put data there, or about everything. No network. Cost where no pointer moved:
/// only the trees that differ are read, or a stat of each known pointer; neither index nor work tree.
Status follow_git(const git::Layout& layout, const git::HookMove& move, const Context& context);

}  // namespace cairn::ops
