// SPDX-License-Identifier: Apache-2.0
#include "ops/snapshot.h"

#include <algorithm>
#include <cstdlib>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "pipeline/stage.h"
#include "project/commit_files.h"
#include "project/root_files.h"
#include "project/tracked.h"
#include "text/params.h"

namespace cairn::ops {
namespace {

constexpr unsigned kSymlinkMode = 0120000;

class WorkspaceSnapshot : public Snapshot {
 public:
  explicit WorkspaceSnapshot(project::Workspace& workspace) : workspace_(workspace) {}

  Result<std::vector<std::string>> pipeline_files() override {
    CAIRN_TRY_ASSIGN(auto found, project::find_declarations(workspace_, pipeline::read_lock_outputs));
    return std::move(found.pipelines);
  }

  Result<std::optional<std::string>> content_name(const std::string& path) override {
    CAIRN_TRY_ASSIGN(auto stat, workspace_.files().find_stat(path));
    bool file = stat && stat->kind == os::Kind::file;
    return file ? std::optional("workspace:" + path) : std::nullopt;
  }

  Result<std::string> read(const std::string& path, const std::string& content) override {
    (void)content;
    CAIRN_TRY_ASSIGN(auto text, project::find_text(workspace_.files(), path));
    if (!text) {
      return Error(Code::not_found, quoted(path) + " is gone");
    }
    return std::move(*text);
  }

  [[nodiscard]] std::string fetch_hint(const std::string& path) const override {
    return "cairn pull " + escaped(path);
  }

 private:
  project::Workspace& workspace_;
};

class CommitSnapshot : public Snapshot {
 public:
  CommitSnapshot(project::Workspace& workspace, git::Oid commit, git::ListingMemo& memo)
      : workspace_(workspace), commit_(std::move(commit)), memo_(memo) {}

  Result<std::vector<std::string>> pipeline_files() override {
    CAIRN_TRY_ASSIGN(auto files, project::project_files_at(workspace_, commit_,
                                                           {std::string(pipeline::kPipelineFile)}, &memo_));
    std::vector<std::string> paths;
    for (git::TreeFile& file : files) {
      paths.push_back(std::move(file.path));
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  Result<std::optional<std::string>> content_name(const std::string& path) override {
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    CAIRN_TRY_ASSIGN(auto file, git->find_blob(commit_, os::join(workspace_.git_prefix(), path)));
    bool plain = file && file->mode != kSymlinkMode;
    return plain ? std::optional(file->blob.hex()) : std::nullopt;
  }

  Result<std::string> read(const std::string& path, const std::string& content) override {
    (void)path;
    CAIRN_TRY_ASSIGN(git::Repository * git, workspace_.git());
    std::optional<git::Oid> blob = git::Oid::parse(content);
    CAIRN_CHECK(blob.has_value());
    CAIRN_TRY_ASSIGN(Buffer bytes, git->read_blob(*blob));
    return std::string(as_text(bytes));
  }

  [[nodiscard]] std::string fetch_hint(const std::string& path) const override {
    constexpr std::size_t kShown = 7;
    return "cairn fetch --rev " + commit_.hex().substr(0, kShown) + " " + escaped(path);
  }

 private:
  project::Workspace& workspace_;
  git::Oid commit_;
  git::ListingMemo& memo_;
};

}  // namespace

std::unique_ptr<Snapshot> Snapshots::of_workspace() const {
  return std::make_unique<WorkspaceSnapshot>(workspace_);
}

std::unique_ptr<Snapshot> Snapshots::of_commit(const git::Oid& commit) {
  return std::make_unique<CommitSnapshot>(workspace_, commit, memo_);
}

std::string DocumentCache::key_of(const std::string& content, const std::string& path) {
  std::string_view name = os::name_of(path);
  std::size_t dot = name.rfind('.');
  return content + (dot == std::string_view::npos ? "" : std::string(name.substr(dot)));
}

Result<const text::Value*> DocumentCache::find(Snapshot& snapshot, const std::string& path) {
  CAIRN_TRY_ASSIGN(auto content, snapshot.content_name(path));
  return content ? read(snapshot, path, *content) : nullptr;
}

Result<const text::Value*> DocumentCache::read(Snapshot& snapshot, const std::string& path,
                                               const std::string& content) {
  if (auto known = documents_.find(key_of(content, path)); known != documents_.end()) {
    return &known->second;
  }
  CAIRN_TRY_ASSIGN(std::string text, snapshot.read(path, content));
  return parse(content, text, path);
}

Result<const text::Value*> DocumentCache::parse(const std::string& content, const std::string& text,
                                                const std::string& path) {
  std::string key = key_of(content, path);
  if (auto known = documents_.find(key); known != documents_.end()) {
    return &known->second;
  }
  CAIRN_TRY_ASSIGN(text::Value value, text::parse_params(text, path));
  return &documents_.emplace(std::move(key), std::move(value)).first->second;
}

Result<const text::Value*> SnapshotSurroundings::document(const std::string& path) {
  CAIRN_TRY_ASSIGN(asked_[path], snapshot_.content_name(path));
  return documents_.find(snapshot_, path);
}

std::optional<std::string> SnapshotSurroundings::variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace cairn::ops
