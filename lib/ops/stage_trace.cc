// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_trace.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "git/glob.h"
#include "os/path.h"

namespace cairn::ops {
namespace {

using pipeline::Stage;

/// Of each kind; the report has them all.
constexpr std::size_t kMostNamed = 10;

/// Adds what was written, or a folder above it, and is matched by a glob of the outs.
void add_matches(const Stage& stage, const runner::TraceReport& seen, std::vector<std::string>& outputs) {
  for (const pipeline::Out& out : stage.outs) {
    const auto glob = out.glob ? git::PathGlob::compile(out.path) : std::nullopt;
    if (!glob) {
      continue;
    }
    for (const std::vector<std::string>* written : {&seen.writes, &seen.made}) {
      for (const std::string& path : *written) {
        for (std::string_view above = path; !above.empty(); above = os::parent_of(above)) {
          if (glob->matches(above)) {
            outputs.emplace_back(above);
          }
        }
      }
    }
  }
}

void add_words(std::string& text, std::string_view verb, const std::vector<pipeline::UndeclaredPath>& paths) {
  if (paths.empty()) {
    return;
  }
  text += fmt::format("{}it {} ", text.empty() ? "" : "; ", verb);
  for (std::size_t i = 0; i < paths.size() && i < kMostNamed; ++i) {
    text += (i == 0 ? "" : ", ") + quoted(paths[i].shown());
  }
  if (paths.size() > kMostNamed) {
    text += fmt::format(" and {} more", paths.size() - kMostNamed);
  }
}

}  // namespace

Status check_can_trace(const std::string& root) {
  runner::TraceOptions options;
  options.root = root;
  auto tried = runner::Trace::begin(std::move(options));
  return tried.ok() ? Status() : Status(tried.error());
}

std::vector<std::string> outs_of_all(const pipeline::Graph& graph) {
  std::vector<std::string> outs;
  for (pipeline::StageIndex i = 0; i < graph.size(); ++i) {
    for (const pipeline::Out& out : graph.stage(i).outs) {
      outs.push_back(out.path);
    }
  }
  return outs;
}

StageTrace judge_trace(const Stage& stage, const StagePaths& paths, const pipeline::TrackedFiles& tracked,
                       const std::vector<std::string>& all_outs, const runner::TraceReport& seen) {
  pipeline::Declared declared = paths.declared;
  add_matches(stage, seen, declared.outputs);
  const pipeline::Touched touched{seen.reads, seen.writes, seen.made, seen.removed, seen.listed};
  StageTrace trace;
  trace.undeclared =
      pipeline::find_undeclared(declared, touched, {tracked, paths.environment_folders, all_outs});
  trace.network = seen.network;
  trace.unseen = seen.unseen;
  trace.container = stage.environment && stage.environment->image;
  return trace;
}

Error undeclared_error(const Stage& stage, const pipeline::Undeclared& undeclared) {
  std::string what;
  add_words(what, "read", undeclared.reads);
  add_words(what, "wrote", undeclared.writes);
  add_words(what, "removed", undeclared.removed);
  return {Code::stage_failed,
          fmt::format("{}: stage {} touched files that it does not declare: {}",
                      text::place(stage.file, stage.at), quoted(stage.address()), what),
          "cairn repro --trace --fix adds them to " + escaped(stage.file) +
              "; nothing was recorded, and the previous outputs are back in place"};
}

}  // namespace cairn::ops
