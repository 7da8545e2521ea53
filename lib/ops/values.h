// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/declared.h"
#include "ops/revisions.h"
#include "report/value_tables.h"

namespace cairn::ops {

enum class ValueKind : std::uint8_t { params, metrics };

/// Which values are wanted.
struct ValueRequest {
  ValueKind kind = ValueKind::params;
  /// Project paths: declared files at or inside them, else the file itself. A params file may be followed by
  /// ":KEY[,KEY]". None: all that is declared, and the whole of the project's params.yaml.
  std::vector<std::string> targets;
  bool stages_only = false;  ///< only params that a stage reads
};

/// The values of one state of the project. A declared file that this state never had is no error.
struct Values {
  std::vector<report::Document> documents;  ///< sorted by path
  std::vector<Error> errors;                ///< files that are not here, or cannot be read
};

/// Reads params and metrics of many states of one project; files with the same content are read once. What
/// Git has is read from its objects, what cairn keeps from the store.
class ValueReader {
 public:
  explicit ValueReader(project::Workspace& workspace)
      : workspace_(workspace), snapshots_(workspace), declarations_(documents_) {}

  Result<Values> read(const ChosenRevision& revision, const ValueRequest& request);

  /// Text of a file and the name of its content.
  struct Content {
    std::string name;
    std::string text;
  };
  /// What a revision's cairn.yaml files declare, and the content of such files. Nothing for a file that this
  /// state does not have. `not_found`, with what to type, where the store lacks it.
  struct Look {
    std::unique_ptr<Snapshot> snapshot;
    Declarations::Found found;
  };
  Result<Look> look(const ChosenRevision& revision);
  Result<std::optional<Content>> content(const Look& look, const std::string& path);
  /// The blob that a lock or a pointer of this state has at `path`. `not_found` where the store lacks the
  /// folder that it is in.
  Result<std::optional<store::Id>> find_kept(const Look& look, const std::string& path);

 private:
  /// What a pattern among the outs matched.
  struct Match {
    std::string path;
    std::string glob;
    pipeline::OutKind kind = pipeline::OutKind::data;
  };
  struct LockedFiles {
    std::map<std::string, store::Object> outs;  // by path
    std::vector<Match> matches;
  };
  Result<const LockedFiles*> locked(Snapshot& snapshot, const std::string& folder);
  Result<std::optional<store::Id>> find_in_locks(const Look& look, const std::string& path);
  Result<std::optional<store::Id>> find_in_pointers(Snapshot& snapshot, const std::string& path);
  Result<std::optional<store::Id>> find_inside(const store::Object& object, std::string_view inner);
  Result<Content> stored(const Look& look, const std::string& path, const store::Id& id);
  Result<std::optional<Content>> kept_content(const Look& look, const std::string& path);
  Result<std::optional<text::Value>> document(const Look& look, const std::string& path);
  Result<std::map<std::string, DeclaredParams>> wanted(const Look& look, const ValueRequest& request);

  project::Workspace& workspace_;
  Snapshots snapshots_;
  DocumentCache documents_;
  Declarations declarations_;
  std::map<std::string, LockedFiles> locks_;     // by path and content of the cairn.lock
  std::map<std::string, std::string> contents_;  // texts of stored files, by id
};

/// Values of several states, in the order of the choice.
struct ValuesReport {
  std::vector<report::Revision> revisions;
  std::vector<Error> errors;
};
/// Errors: unknown revisions; `not_found` for a target that no state has.
Result<ValuesReport> show_values(project::Workspace& workspace, const ValueRequest& request,
                                 const RevisionChoice& choice);

/// What differs between two states.
struct ValuesDiff {
  std::string before;  ///< name of the older state
  std::string after;
  std::vector<report::DocumentDiff> documents;
  std::vector<Error> errors;
};
/// `before` "" is HEAD, `after` "" the workspace. Errors: unknown revisions.
Result<ValuesDiff> diff_values(project::Workspace& workspace, const ValueRequest& request,
                               const std::string& before, const std::string& after,
                               report::Unchanged unchanged);

}  // namespace cairn::ops
