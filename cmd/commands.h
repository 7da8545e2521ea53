// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"

namespace cairn::cmd {

// One function a command, in cmd_NAME.cc; a file may hold the subcommands of one noun.
Command init_command();
Command clone_command();
Command install_command();
Command uninstall_command();
Command config_command();
Command doctor_command();
Command version_command();

Command add_command();
Command commit_command();
Command status_command();
Command checkout_command();
Command diff_command();
Command ls_command();
Command cat_command();
Command move_command();
Command remove_command();
Command drop_command();
Command undo_command();
Command resolve_command();
Command check_ignore_command();

Command stage_add_command();
Command stage_list_command();
Command stage_edit_command();
Command stage_remove_command();
Command freeze_command();
Command unfreeze_command();
Command repro_command();
Command dag_command();
Command why_command();
Command env_show_command();
Command env_check_command();
Command env_diff_command();
Command log_command();
Command log_show_command();
Command log_compare_command();

Command params_show_command();
Command params_diff_command();
Command metrics_show_command();
Command metrics_diff_command();
Command plots_data_command();
Command drift_command();

Command exp_run_command();
Command exp_show_command();
Command exp_list_command();
Command exp_diff_command();
Command exp_apply_command();
Command exp_branch_command();
Command exp_remove_command();

Command pipeline_save_command();
Command pipeline_list_command();
Command pipeline_show_command();
Command pipeline_diff_command();
Command pipeline_tag_command();
Command pipeline_rm_command();
Command pipeline_push_command();
Command pipeline_run_command();
Command pipeline_reproduce_command();
Command pipeline_verify_command();
Command pipeline_rollback_command();
Command provenance_command();

Command get_command();
Command import_command();
Command import_url_command();
Command update_command();
Command remote_add_command();
Command remote_list_command();
Command remote_remove_command();
Command remote_default_command();
Command remote_modify_command();
Command remote_rename_command();
Command remote_test_command();
Command remote_gc_command();

Command push_command();
Command fetch_command();
Command pull_command();
Command ci_check_command();
Command ci_init_command();

Command fsck_command();
Command git_hook_command();
Command git_merge_command();
Command git_diff_text_command();

}  // namespace cairn::cmd
