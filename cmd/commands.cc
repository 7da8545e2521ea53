// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

namespace cairn::cmd {

const std::vector<Command>& commands() {
  // One a line.
  // clang-format off
  static const std::vector<Command> table = {
      init_command(),
      install_command(),
      uninstall_command(),
      config_command(),
      doctor_command(),
      version_command(),
      add_command(),
      commit_command(),
      status_command(),
      checkout_command(),
      diff_command(),
      ls_command(),
      move_command(),
      remove_command(),
      undo_command(),
      check_ignore_command(),
      stage_add_command(),
      stage_list_command(),
      stage_edit_command(),
      stage_remove_command(),
      freeze_command(),
      unfreeze_command(),
      repro_command(),
      dag_command(),
      why_command(),
      log_command(),
      log_show_command(),
      log_compare_command(),
      env_show_command(),
      env_check_command(),
      env_diff_command(),
      params_show_command(),
      params_diff_command(),
      metrics_show_command(),
      metrics_diff_command(),
      plots_data_command(),
      drift_command(),
      exp_run_command(),
      exp_show_command(),
      exp_list_command(),
      exp_diff_command(),
      exp_apply_command(),
      exp_branch_command(),
      exp_remove_command(),
      remote_add_command(),
      remote_list_command(),
      remote_remove_command(),
      remote_default_command(),
      push_command(),
      fetch_command(),
      pull_command(),
      fsck_command(),
      git_hook_command(),
  };
  // clang-format on
  return table;
}

}  // namespace cairn::cmd
