// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/lock.h"
#include "text/value.h"

/// Where data came from, in the terms of W3C PROV-DM: entities (contents at paths), activities (what stages
/// did) and agents. Pure.
namespace cairn::version {

/// A stage's block with its place.
struct LockedStage {
  std::string address;
  std::string folder;  ///< of its cairn.yaml
  pipeline::StageLock block;
};

/// Who changed something in Git, and when.
struct ProvenanceOrigin {
  std::string commit;
  std::string author;     ///< "NAME <ADDRESS>"
  std::int64_t time = 0;  ///< seconds since 1970
};

/// Content at a path.
struct ProvenanceEntity {
  enum class Kind : std::uint8_t {
    out,      ///< a stage made it
    data,     ///< cairn keeps it: there is a pointer
    git,      ///< Git keeps it
    unknown,  ///< nobody does
  };
  std::string path;
  std::optional<pipeline::PathState> state;  ///< nothing: not known here
  Kind kind = Kind::unknown;
  std::string inside;                      ///< the out, or tracked folder, that it lies in; "" for none
  std::optional<std::size_t> made_by;      ///< place in `activities`
  std::string other_content_of;            ///< the stage that now makes another content there; "" for none
  std::vector<std::size_t> parts;          ///< of a folder: outs of stages in it, places in `entities`
  std::optional<ProvenanceOrigin> origin;  ///< of a file of Git's, or of a pointer
};

/// The run that made a result.
struct ProvenanceRun {
  std::string id;             ///< hex digits
  std::int64_t start_ms = 0;  ///< milliseconds since 1970
  std::int64_t end_ms = 0;
  std::string commit;  ///< HEAD then; "" for none
  bool dirty = false;
  std::string host;  ///< "" where not recorded here
  std::string user;
  std::string cairn;  ///< its version
};

/// What a stage did.
struct ProvenanceActivity {
  LockedStage stage;
  std::vector<std::size_t> used;  ///< code and deps: places in `entities`
  std::string environment;        ///< in one line; "" where it declares none, or it is not known here
  std::optional<ProvenanceRun> run;
};

struct Provenance {
  std::vector<ProvenanceEntity> entities;  ///< what was asked for first; each once
  std::vector<ProvenanceActivity> activities;
};

/// Asked where the lock alone does not tell whether the stage's out, which is the path or holds it, is this
/// very content: the block of the run that made it, the locked one or another that is remembered. Nothing
/// where there is none.
using MakerOf = std::function<Result<std::optional<pipeline::StageLock>>(
    const LockedStage& stage, const pipeline::LockedOut& out, const std::string& path,
    const pipeline::PathState& state)>;

/// Follows a path back to what no stage made. Only ancestors are visited; the cost of finding one is
/// logarithmic in the number of outs.
class ProvenanceTracer {
 public:
  /// `stages` must outlive this.
  explicit ProvenanceTracer(const std::vector<LockedStage>& stages);

  /// The out at the path, or around it; null for none.
  [[nodiscard]] const pipeline::LockedOut* find_out(std::string_view path) const;
  /// All outs, sorted.
  [[nodiscard]] std::vector<std::string_view> outs() const;

  /// `state`: the content at the path, where known.
  Result<Provenance> trace(const std::string& path, const std::optional<pipeline::PathState>& state,
                           const MakerOf& maker_of) const;

 private:
  friend class ProvenanceWalk;
  struct OutPlace {
    std::string_view path;
    const LockedStage* stage = nullptr;
    const pipeline::LockedOut* out = nullptr;
  };
  [[nodiscard]] const OutPlace* containing(std::string_view path) const;

  std::vector<OutPlace> outs_;  // sorted by path
};

/// "python 3.11.7, 24 packages; gcc (Debian 12.2.0-14) 12.2.0": a record (docs/format/environment.md) for
/// people.
std::string environment_line(const text::Value& record);

/// The graph as PROV-JSON (W3C member submission of 24 April 2013). Names depend on contents, stages and runs
/// alone, so equal graphs give equal documents.
text::Value to_prov_json(const Provenance& provenance);

}  // namespace cairn::version
