// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/lock.h"
#include "store/key.h"
#include "text/value.h"
#include "version/conditions.h"

/// What one run of a stage leaves (docs/format/runs.md).
namespace cairn::version {

enum class RunStatus : std::uint8_t { ok, failed, timed_out, interrupted };

/// "ok", "failed", "timed out", "interrupted": for people. With "_" for the space: in files and in JSON.
std::string_view status_words(RunStatus status);
std::string_view status_name(RunStatus status);

/// What the command cost, with all of its children. Of several tries: the last one.
struct RunUsage {
  std::int64_t wall_us = 0;
  std::int64_t user_us = 0;
  std::int64_t system_us = 0;
  std::uint64_t peak_memory = 0;    ///< bytes: resident set of its largest process
  std::uint64_t read_bytes = 0;     ///< from storage
  std::uint64_t written_bytes = 0;  ///< to storage
  bool operator==(const RunUsage&) const = default;
};

/// The command's output. What is stored is cut in the middle where it was longer than the setting allows.
struct RunLog {
  store::Object object;     ///< the stored blob
  std::uint64_t bytes = 0;  ///< that the command wrote
  bool operator==(const RunLog&) const = default;
};

/// One execution of a stage. `block` holds its inputs, and of a run that ended well its outs.
struct RunRecord {
  std::string stage;  ///< address
  RunStatus status = RunStatus::ok;
  int exit_status = 0;  ///< 0-255
  int signal = 0;       ///< that killed it; 0 for none
  unsigned attempts = 1;
  std::string failure;  ///< what went wrong, one line; "" where nothing did
  store::Id key;
  pipeline::StageLock block;
  std::int64_t start_ms = 0;  ///< milliseconds since 1970, UTC
  RunUsage usage;
  std::string cairn;      ///< version of cairn
  std::string commit;     ///< HEAD as Git writes it; "" without Git and before the first commit
  bool dirty = false;     ///< files that Git tracks differed from it
  text::Value system;     ///< the machine (OS, CPU, GPU, driver); null where unknown
  Conditions conditions;  ///< its folder is private, as host and user
  std::optional<RunLog> log;
  std::string host;  ///< machine and user: private, not in what is shared; "" where unknown
  std::string user;
};

/// Folder of the cairn.yaml of a stage, "" for the project root.
std::string stage_folder(std::string_view address);

/// A record as it is kept. The id is BLAKE3 of the canonical public text, so that a record has one id
/// everywhere, whether its private part is with it or not.
struct EncodedRun {
  store::Id id;
  store::Id key;
  std::uint64_t stage = 0;   ///< stage_mark() of the address
  std::uint64_t result = 0;  ///< checksum of the outs: equal for equal results
  /// Later runs may take the result over instead of running.
  bool reusable = false;
  std::string text;          ///< canonical YAML
  std::string private_text;  ///< host and user, in the same form; may be empty
};

std::uint64_t stage_mark(std::string_view address);
/// Equal for equal outs, whatever the stage is called, wherever its folder is, and whatever the outs are for.
std::uint64_t result_mark(const pipeline::StageLock& block, const std::string& folder);

/// Whether later runs may take a result over instead of running.
enum class Reuse : std::uint8_t { no, yes };
EncodedRun encode_run(const RunRecord& record, Reuse reuse);

/// Parses the public text with the private one behind it. `malformed` for anything that encode_run would not
/// write; `unsupported` for a newer version. `folder`: where the stage's cairn.yaml is now, should it have
/// been moved; paths in the block are relative to the project root then.
Result<RunRecord> parse_run(std::string_view text, const std::optional<std::string>& folder = {});

/// `malformed` unless the text has this id and the record in it has this key, recomputed from its block.
Status check_run(const EncodedRun& run);

/// "2026-11-20T17:18:09.123Z".
std::string utc_text(std::int64_t ms);

/// Digits of an id that people see.
inline constexpr std::size_t kShortRunId = 12;

}  // namespace cairn::version
