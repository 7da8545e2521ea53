// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/surroundings.h"
#include "project/workspace.h"

namespace cairn::ops {

/// The files of a project in one state, the workspace or a commit, read without touching the workspace.
/// Errors as of project::find_text and git::Repository.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  /// All cairn.yaml files, sorted.
  virtual Result<std::vector<std::string>> pipeline_files() = 0;
  /// A name of the content of the file at `path`: within one command, what has the same name has the same
  /// bytes. Nothing when there is no file.
  virtual Result<std::optional<std::string>> content_name(const std::string& path) = 0;
  /// The content that content_name() gave a name.
  virtual Result<std::string> read(const std::string& path, const std::string& content) = 0;
  /// How to get data that this state needs and the store lacks.
  [[nodiscard]] virtual std::string fetch_hint(const std::string& path) const = 0;
};

/// Makes snapshots of commits, which share what was read of trees. `workspace` must outlive both.
class Snapshots {
 public:
  explicit Snapshots(project::Workspace& workspace) : workspace_(workspace) {}

  [[nodiscard]] std::unique_ptr<Snapshot> of_workspace() const;
  [[nodiscard]] std::unique_ptr<Snapshot> of_commit(const git::Oid& commit);

 private:
  project::Workspace& workspace_;
  git::ListingMemo memo_;
};

/// Parsed params files by content. The pointers hold as long as this object.
class DocumentCache {
 public:
  /// Null pointer when there is no file at `path`. Errors: those of reading and of text::parse_params.
  Result<const text::Value*> find(Snapshot& snapshot, const std::string& path);
  /// The file at `path`, whose content has that name.
  Result<const text::Value*> read(Snapshot& snapshot, const std::string& path, const std::string& content);
  /// Parses `text`, the content of `path` with that name, unless that was done before.
  Result<const text::Value*> parse(const std::string& content, const std::string& text,
                                   const std::string& path);

 private:
  /// By content and the suffix, which says how to parse it.
  [[nodiscard]] static std::string key_of(const std::string& content, const std::string& path);
  std::map<std::string, text::Value> documents_;
};

/// What templates of a snapshot's cairn.yaml refer to; notes which files they asked for.
class SnapshotSurroundings : public pipeline::Surroundings {
 public:
  SnapshotSurroundings(Snapshot& snapshot, DocumentCache& documents)
      : snapshot_(snapshot), documents_(documents) {}

  Result<const text::Value*> document(const std::string& path) override;
  std::optional<std::string> variable(const std::string& name) override;

  /// Names of the contents that were asked for, by path.
  [[nodiscard]] const std::map<std::string, std::optional<std::string>>& asked() const { return asked_; }

 private:
  Snapshot& snapshot_;
  DocumentCache& documents_;
  std::map<std::string, std::optional<std::string>> asked_;
};

}  // namespace cairn::ops
