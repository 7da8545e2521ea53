// SPDX-License-Identifier: Apache-2.0
#include "report/verdict_outline.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::report {
namespace {

using version::OutResult;
using version::OutVerdict;
using version::StageResult;
using version::StageVerdict;

constexpr std::size_t kShortCommit = 7;

/// How many outs have which verdict.
struct OutCounts {
  std::size_t identical = 0;
  std::size_t equal = 0;
  std::size_t wrong = 0;
  std::size_t not_compared = 0;

  void add(const StageResult& stage) {
    for (const OutResult& out : stage.outs) {
      switch (out.verdict) {
        case OutVerdict::identical:
          ++identical;
          break;
        case OutVerdict::equal:
          ++equal;
          break;
        case OutVerdict::differs:
        case OutVerdict::missing:
          ++wrong;
          break;
        case OutVerdict::not_compared:
          ++not_compared;
          break;
      }
    }
  }
  [[nodiscard]] std::size_t all() const { return identical + equal + wrong + not_compared; }
};

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

/// "7 outputs identical", "1 of 7 outputs differs, 2 not compared".
std::string words_of(const OutCounts& counts) {
  if (counts.all() == 0) {
    return "no outputs";
  }
  std::string words;
  if (counts.wrong > 0) {
    words = fmt::format("{} of {} {}", counts.wrong, counted(counts.all(), "output"),
                        counts.wrong == 1 ? "differs" : "differ");
  } else if (counts.identical > 0) {
    words = counted(counts.identical, "output") + " identical";
  }
  if (counts.wrong == 0 && counts.equal > 0) {
    append(words, words.empty() ? counted(counts.equal, "output") + " equal as declared"
                                : fmt::format("{} equal as declared", counts.equal));
  }
  if (counts.not_compared > 0) {
    append(words, words.empty() ? counted(counts.not_compared, "output") + " not compared"
                                : fmt::format("{} not compared", counts.not_compared));
  }
  return words;
}

std::string words_of(StageVerdict verdict, version::VerdictKind kind) {
  switch (verdict) {
    case StageVerdict::reproduced:
      return kind == version::VerdictKind::verify ? "deterministic" : "reproduced";
    case StageVerdict::differs:
      return "differs";
    case StageVerdict::failed:
      return "failed";
    case StageVerdict::skipped:
      return "skipped";
  }
  return "";
}

/// Where an out that is not as it should be first differs.
VerdictNote note_of(const OutResult& out) {
  std::string text = out.first ? out.first->text : "";
  if (text.empty()) {
    text = out.verdict == OutVerdict::differs ? "differs"
           : out.recorded && !out.found       ? "was not made"
           : out.found && !out.recorded       ? "was made, and is not in the record"
                                              : "is missing";
  }
  return {out.path, out.extent.empty() ? text : fmt::format("{} ({} differ)", text, out.extent)};
}

std::vector<VerdictNote> notes_of(const StageResult& stage) {
  std::vector<VerdictNote> notes;
  for (const OutResult& out : stage.outs) {
    if (out.verdict == OutVerdict::differs || out.verdict == OutVerdict::missing) {
      notes.push_back(note_of(out));
    }
  }
  for (const version::Cause& cause : stage.causes) {
    notes.push_back({"cause", cause.evidence.empty() ? cause.text : cause.text + ": " + cause.evidence});
  }
  if (!stage.cause_note.empty()) {
    notes.push_back({"cause", "not known: " + stage.cause_note});
  }
  for (const std::string& difference : stage.environment) {
    notes.push_back({"environment", difference});
  }
  return notes;
}

StageOutline outline_of(const StageResult& stage, version::VerdictKind kind) {
  StageOutline outline{stage.stage, stage.verdict == StageVerdict::reproduced, words_of(stage.verdict, kind),
                       stage.reason, notes_of(stage)};
  if (stage.verdict == StageVerdict::reproduced || stage.verdict == StageVerdict::differs) {
    OutCounts counts;
    counts.add(stage);
    outline.outputs = words_of(counts) + (stage.reason.empty() ? "" : "; " + stage.reason);
  }
  return outline;
}

std::string subject_of(const version::Verdict& verdict) {
  return verdict.version.empty() ? verdict.commit.substr(0, kShortCommit) : verdict.version;
}

/// "reproduced", "NOT reproduced": in capitals, for the line that is read first.
std::string answer_of(const version::Verdict& verdict) {
  std::string words(version::verdict_words(verdict));
  constexpr std::string_view kNot = "not ";
  return words.starts_with(kNot) ? "NOT " + words.substr(kNot.size()) : words;
}

std::string summary_of(const version::Verdict& verdict) {
  OutCounts outs;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  for (const StageResult& stage : verdict.stages) {
    failed += stage.verdict == StageVerdict::failed ? 1 : 0;
    skipped += stage.verdict == StageVerdict::skipped ? 1 : 0;
    outs.add(stage);
  }
  std::string details = verdict.good() ? counted(verdict.stages.size() - skipped, "stage") : "";
  if (verdict.good() || outs.wrong > 0) {
    append(details, words_of(outs));
  }
  if (failed > 0) {
    append(details, counted(failed, "stage") + " failed");
  }
  if (skipped > 0) {
    append(details, counted(skipped, "stage") + " skipped");
  }
  if (verdict.runs > 1) {
    details += fmt::format(" in {} runs", verdict.runs);
  }
  std::string subject = subject_of(verdict);
  return (subject.empty() ? "" : subject + " ") + answer_of(verdict) +
         (details.empty() ? "" : ": " + details);
}

}  // namespace

VerdictOutline outline_of(const version::Verdict& verdict) {
  VerdictOutline outline{verdict.good(), subject_of(verdict), summary_of(verdict), {}};
  std::transform(verdict.stages.begin(), verdict.stages.end(), std::back_inserter(outline.stages),
                 [&](const StageResult& stage) { return outline_of(stage, verdict.kind); });
  return outline;
}

}  // namespace cairn::report
