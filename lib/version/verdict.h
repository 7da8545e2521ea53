// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/key.h"
#include "text/value.h"

/// What came of running a version, or a stage several times: docs/format/version.md.
namespace cairn::version {

/// Where two results of one out first differ. What does not apply stays empty.
struct Difference {
  std::string file;                     ///< in a folder: which file of it
  std::optional<std::uint64_t> offset;  ///< bytes, from 0
  std::optional<std::uint64_t> line;    ///< from 1
  std::string column;                   ///< of a table: its name; else a number from 1
  std::string key;                      ///< place in a document ("a.b[3]"), or of a table's row ("id=17")
  std::string before;                   ///< what was recorded there, cut to some 60 bytes, printable
  std::string after;
  std::string text;  ///< all of it in words, one line: "line 3, column 5: '0.81' became '0.79'"
};

enum class OutVerdict : std::uint8_t {
  identical,     ///< byte for byte
  equal,         ///< as its `compare` wants it
  differs,       ///< see `first`
  missing,       ///< the command did not make it, or made what was not recorded
  not_compared,  ///< it was not made again, see the stage
};

struct OutResult {
  std::string path;
  OutVerdict verdict = OutVerdict::not_compared;
  std::string rule;  ///< how it was compared: "exact", "rtol 1e-06, atol 1e-09", "rows by id", "ignoring a.b"
  std::string extent;  ///< how much differs: "3 of 120 files", "17 of 400 rows"; "" where unknown
  std::optional<Difference> first;
  std::optional<store::Object> recorded;
  std::optional<store::Object> found;
};

/// One reason for differences that there is evidence for.
struct Cause {
  std::string factor;    ///< "environment", "clock", "random", …: docs/design/versions.md
  std::string text;      ///< for people: "the output has the time of the run in it"
  std::string evidence;  ///< "with the clock held, 3 runs gave the same output"
  std::vector<std::string> outs;
};

enum class StageVerdict : std::uint8_t {
  reproduced,
  differs,
  failed,   ///< its command, see `reason`
  skipped,  ///< not run: frozen, or a stage before it failed; see `reason`
};

struct StageResult {
  std::string stage;  ///< address
  StageVerdict verdict = StageVerdict::reproduced;
  std::string reason;  ///< of failed and skipped; of others what is to be known: "runs always"
  std::vector<OutResult> outs;
  std::vector<Cause> causes;
  std::string cause_note;                ///< why no cause is named; "" where one is, or none is needed
  std::vector<std::string> environment;  ///< in words, what differs from the recorded environment
  std::int64_t wall_us = 0;
};

enum class VerdictKind : std::uint8_t { reproduce, verify };

struct Verdict {
  VerdictKind kind = VerdictKind::reproduce;
  std::string version;  ///< name; "" where a commit was verified
  std::string commit;   ///< as Git writes it
  unsigned runs = 1;    ///< of each stage
  std::int64_t time_ms = 0;
  std::string cairn;   ///< version of cairn
  text::Value system;  ///< the machine, as in the records of runs
  bool from_remote = false;
  std::vector<StageResult> stages;  ///< in order of execution

  /// No stage failed or gave something else than was recorded. A stage that a failure left out has a failed
  /// one before it.
  [[nodiscard]] bool good() const;
};

/// "reproduced", "not reproduced"; of verify "deterministic", "not deterministic".
std::string_view verdict_words(const Verdict& verdict);
/// Names in JSON and in the record.
std::string_view verdict_name(OutVerdict verdict);
std::string_view verdict_name(StageVerdict verdict);
std::string_view verdict_name(VerdictKind kind);

/// Canonical text, the same for the same verdict; and back: `malformed`, `unsupported` for a newer version.
std::string write_verdict(const Verdict& verdict);
Result<Verdict> parse_verdict(std::string_view text);

}  // namespace cairn::version
