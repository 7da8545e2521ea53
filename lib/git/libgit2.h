// SPDX-License-Identifier: Apache-2.0
// Private to lib/git: nothing outside this folder includes git2.h.
#pragma once

#include <git2.h>

#include "base/result.h"

namespace cairn::git {

/// The functions of libgit2 that we use.
// clang-format off
#define CAIRN_LIBGIT2(X) \
  X(attr_get) X(attr_value) \
  X(blob_create_from_workdir) X(blob_filter) X(blob_rawcontent) X(blob_rawsize) \
  X(buf_dispose) \
  X(commit_author) X(commit_create) X(commit_message) X(commit_parent_id) X(commit_parentcount) \
  X(commit_time) X(commit_tree_id) \
  X(config_add_file_ondisk) X(config_delete_multivar) X(config_free) X(config_get_path) \
  X(config_iterator_free) X(config_iterator_new) X(config_multivar_iterator_new) X(config_next) \
  X(config_open_level) X(config_set_multivar) X(config_set_string) \
  X(error_last) \
  X(ignore_path_is_ignored) \
  X(index_entrycount) X(index_find) X(index_find_prefix) X(index_free) X(index_get_byindex) \
  X(index_open) X(index_path) X(index_read_tree) X(index_write) \
  X(libgit2_init) X(libgit2_opts) \
  X(object_free) X(object_id) X(object_lookup) X(object_peel) X(object_type) X(object_type2string) \
  X(oid_equal) X(oid_fmt) X(oid_fromstr) \
  X(reference_create) X(reference_free) X(reference_iterator_free) X(reference_iterator_new) \
  X(reference_lookup) X(reference_name) X(reference_name_is_valid) X(reference_name_to_id) \
  X(reference_next) X(reference_remove) X(reference_resolve) X(reference_symbolic_target) \
  X(reference_target) X(reference_type) \
  X(repository_config) X(repository_free) X(repository_open_ext) X(repository_set_workdir) \
  X(repository_workdir) \
  X(revparse_single) \
  X(revwalk_free) X(revwalk_new) X(revwalk_next) X(revwalk_push) X(revwalk_sorting) \
  X(signature_default) X(signature_free) X(signature_now) \
  X(tag_annotation_create) X(tag_message) X(tag_name) X(tag_tagger) X(tag_target_id) \
  X(tree_create_updated) X(tree_entry_byindex) X(tree_entry_byname) X(tree_entry_bypath) \
  X(tree_entry_filemode) X(tree_entry_free) X(tree_entry_id) X(tree_entry_name) X(tree_entry_type) \
  X(tree_entrycount) X(tree_free) X(tree_id)
// clang-format on

/// Under its own names without "git_".
struct Libgit2 {
#define CAIRN_DECLARE(name) decltype(&::git_##name) name;
  CAIRN_LIBGIT2(CAIRN_DECLARE)
#undef CAIRN_DECLARE
};

/// Loads libgit2, once a process, and starts it with the extensions that cairn can live with: it brings ten
/// libraries of its own, and three quarters of the time of a command that needs no Git went into them while
/// it was linked. Error `unsupported` where it is not installed, or does not start.
Status load_libgit2();
/// REQUIRES: load_libgit2() would succeed.
const Libgit2& git2();

}  // namespace cairn::git
