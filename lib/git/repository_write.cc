// SPDX-License-Identifier: Apache-2.0
// Writing objects and refs. The index and the work tree are never touched.
#include "base/escape.h"
#include "git/program.h"
#include "git/repository_state.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

/// No index is longer.
constexpr std::uint64_t kMaxIndex = 4ULL << 30;

bool has_filter(git_repository* repository, const std::string& path) {
  const char* value = nullptr;
  int code = git2().attr_get(&value, repository, 0, path.c_str(), "filter");
  return code == 0 && git2().attr_value(value) == GIT_ATTR_VALUE_STRING;
}

}  // namespace

Status Repository::copy_index(const std::string& to) {
  CAIRN_TRY(state_->read_index());
  if (!state_->index) {
    CAIRN_TRY(run_git(layout(), {"read-tree", "--index-output=" + to, "HEAD"}));
    return {};
  }
  CAIRN_TRY_ASSIGN(auto bytes, os::find_file(git2().index_path(state_->index.get()), kMaxIndex));
  return os::write_atomic(to, bytes ? Bytes(*bytes) : Bytes(), {0666, false, os::Durable::no});
}

Status Repository::write_index(const Oid& commit, const std::string& to) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(commit));
  git_index* opened = nullptr;
  int code = git2().index_open(&opened, to.c_str());
  IndexHandle index(opened);
  if (code == 0) {
    code = git2().index_read_tree(index.get(), tree.get());
  }
  if (code == 0) {
    code = git2().index_write(index.get());
  }
  return code == 0 ? Status() : Status(library_error(code, "cannot write an index to " + quoted(to)));
}

Result<Buffer> Repository::read_for_work_tree(const TreeFile& file) {
  if (has_filter(state_->repository.get(), file.path)) {
    CAIRN_TRY_ASSIGN(std::string out,
                     run_git(layout(), {"cat-file", "--filters", "--path=" + file.path, file.blob.hex()}));
    return Buffer(out.begin(), out.end());
  }
  CAIRN_TRY_ASSIGN(ObjectHandle object, state_->find_object(from_oid(file.blob), GIT_OBJECT_BLOB));
  git_buf raw = GIT_BUF_INIT;
  auto* blob = reinterpret_cast<git_blob*>(object.get());  // NOLINT: libgit2's own downcast
  int code = git2().blob_filter(&raw, blob, file.path.c_str(), nullptr);
  if (code < 0) {
    return library_error(code, "cannot read " + quoted(file.path) + " from Git's objects");
  }
  Buffer bytes(raw.ptr, raw.ptr + raw.size);
  git2().buf_dispose(&raw);
  return bytes;
}

Result<TreeFile> Repository::write_file(const std::string& path) {
  std::string whole = os::join(layout().work_tree, path);
  CAIRN_TRY_ASSIGN(auto stat, os::find_stat(whole));
  if (!stat || (stat->kind != os::Kind::file && stat->kind != os::Kind::symlink)) {
    return Error(Code::not_found, quoted(whole) + " is no file");
  }
  constexpr unsigned kSymlink = 0120000;
  constexpr unsigned kExecutable = 0100755;
  constexpr unsigned kFile = 0100644;
  unsigned mode = stat->kind == os::Kind::symlink ? kSymlink : stat->executable() ? kExecutable : kFile;
  if (mode != kSymlink && has_filter(state_->repository.get(), path)) {
    // Programs that Git runs on content (as Git LFS does) are not libgit2's.
    CAIRN_TRY_ASSIGN(std::string out, run_git(layout(), {"hash-object", "-w", "--", path}));
    auto blob = Oid::parse(std::string_view(out).substr(0, out.find('\n')));
    return blob ? Result<TreeFile>(TreeFile{path, *blob, mode})
                : Error(Code::io, "'git hash-object' named no object for " + quoted(path));
  }
  git_oid id;
  int code = git2().blob_create_from_workdir(&id, state_->repository.get(), path.c_str());
  if (code < 0) {
    return library_error(code, "cannot write " + quoted(whole) + " to Git's objects");
  }
  return TreeFile{path, to_oid(id), mode};
}

Result<Oid> Repository::write_tree(const Oid& base, const std::vector<TreeEdit>& edits) {
  CAIRN_TRY_ASSIGN(TreeHandle tree, state_->tree_of(base));
  std::vector<git_tree_update> updates;
  for (const TreeEdit& edit : edits) {
    if (edit.file) {
      updates.push_back({GIT_TREE_UPDATE_UPSERT, from_oid(edit.file->blob),
                         static_cast<git_filemode_t>(edit.file->mode), edit.path.c_str()});
      continue;
    }
    // Removing what is not there would be an error.
    git_tree_entry* raw = nullptr;
    bool present = git2().tree_entry_bypath(&raw, tree.get(), edit.path.c_str()) == 0;
    git2().tree_entry_free(raw);
    if (present) {
      updates.push_back({GIT_TREE_UPDATE_REMOVE, {}, GIT_FILEMODE_UNREADABLE, edit.path.c_str()});
    }
  }
  if (updates.empty()) {
    return to_oid(*git2().tree_id(tree.get()));
  }
  git_oid id;
  int code =
      git2().tree_create_updated(&id, state_->repository.get(), tree.get(), updates.size(), updates.data());
  if (code < 0) {
    return library_error(code, "cannot write a Git tree");
  }
  return to_oid(id);
}

Result<Oid> Repository::write_commit(const NewCommit& commit) {
  CAIRN_TRY_ASSIGN(ObjectHandle tree, state_->find_object(from_oid(commit.tree), GIT_OBJECT_TREE));
  CAIRN_TRY_ASSIGN(ObjectHandle parent, state_->find_commit(commit.parent));
  CAIRN_TRY_ASSIGN(SignatureHandle person, default_person(state_->repository.get()));
  const auto* raw_parent =
      reinterpret_cast<const git_commit*>(parent.get());  // NOLINT: libgit2's own downcast
  git_oid id;
  int code =
      git2().commit_create(&id, state_->repository.get(), nullptr, person.get(), person.get(), "UTF-8",
                           commit.message.c_str(), reinterpret_cast<const git_tree*>(tree.get()),  // NOLINT
                           1, &raw_parent);
  if (code < 0) {
    return library_error(code, "cannot write a Git commit");
  }
  return to_oid(id);
}

Status Repository::create_ref(const std::string& name, const Oid& target) {
  git_reference* raw = nullptr;
  git_oid id = from_oid(target);
  int code = git2().reference_create(&raw, state_->repository.get(), name.c_str(), &id, 0, "cairn");
  ReferenceHandle reference(raw);
  if (code == GIT_EEXISTS) {
    return Error(Code::exists, "the Git ref " + quoted(name) + " exists");
  }
  if (code == GIT_ELOCKED) {
    return Error(Code::locked, "the Git ref " + quoted(name) + " is locked",
                 "when no other Git or cairn command runs: rm " +
                     quoted(os::join(state_->layout.common_dir, name + ".lock")));
  }
  return code < 0 ? Status(library_error(code, "cannot make the Git ref " + quoted(name))) : Status();
}

Status Repository::remove_ref(const std::string& name) {
  int code = git2().reference_remove(state_->repository.get(), name.c_str());
  return code < 0 ? Status(library_error(code, "cannot remove the Git ref " + quoted(name))) : Status();
}

bool is_ref_name(const std::string& name) {
  int valid = 0;
  return load_libgit2().ok() && git2().reference_name_is_valid(&valid, name.c_str()) == 0 && valid != 0;
}

}  // namespace cairn::git
