// SPDX-License-Identifier: Apache-2.0
#include "ops/git_hook.h"

#include "ops/hook_commit.h"
#include "ops/hook_follow.h"
#include "ops/hook_framework.h"
#include "ops/hook_projects.h"
#include "ops/hook_push.h"

namespace cairn::ops {

Status run_hook(const HookCall& given, const std::string& folder, Context& context) {
  if (are_hooks_off(given.name)) {
    return {};
  }
  const HookCall call = as_git_called(given);
  CAIRN_TRY_ASSIGN(const auto layout, git::find_layout(folder));
  if (!layout || layout->bare) {
    return {};
  }
  if (call.name.starts_with("post-")) {
    CAIRN_TRY_ASSIGN(const git::HookMove move, git::find_hook_move(*layout, call.name, call.arguments));
    return follow_git(*layout, move, context);
  }
  CAIRN_TRY_ASSIGN(const auto roots, project_roots(*layout));
  for (const std::string& root : roots) {
    CAIRN_TRY_ASSIGN(const auto workspace, open_project(*layout, root));
    CAIRN_TRY(call.name == "pre-commit" ? check_commit(*workspace, context)
                                        : push_pushed(*workspace, call.arguments, call.input, context));
  }
  return {};
}

}  // namespace cairn::ops
