// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_fix.h"

#include "base/escape.h"
#include "ops/recorder.h"
#include "ops/stage_definition.h"

namespace cairn::ops {
namespace {

/// One stage, on top of what was fixed before.
Result<StageFix> fix_stage(PipelineEditor& editor, const pipeline::Stage& stage,
                           const pipeline::Undeclared& undeclared) {
  StageFix fix{stage.address(), stage.file, {}, {}, {}, std::nullopt};
  std::string before;
  auto edited = editor.apply(stage.file, [&](const text::Document& document) -> Result<std::string> {
    before = document.text;
    CAIRN_TRY_ASSIGN(pipeline::UndeclaredFix done,
                     pipeline::fix_undeclared(document.text, stage, undeclared));
    fix.deps = std::move(done.deps);
    fix.outs = std::move(done.outs);
    fix.left = std::move(done.left);
    return std::move(done.text);
  });
  const Status checked = edited.ok() ? editor.check() : Status(edited.error());
  if (!checked.ok()) {
    fix.deps.clear();
    fix.outs.clear();
    fix.error = edited.ok() ? checked.error().with_context("what stage " + quoted(fix.stage) +
                                                           " touched cannot be added to " + escaped(fix.file))
                            : checked.error();
    CAIRN_TRY(
        editor.apply(stage.file, [&before](const text::Document&) { return Result<std::string>(before); }));
  }
  return fix;
}

}  // namespace

Result<std::vector<StageFix>> fix_stages(project::Workspace& workspace, const pipeline::Graph& graph,
                                         const std::map<std::string, StageObservation, std::less<>>& seen,
                                         const Context& context) {
  std::vector<StageFix> fixes;
  CAIRN_TRY_ASSIGN(const os::FileLock held, wait_for_project(workspace, context));
  CAIRN_TRY_ASSIGN(PipelineEditor editor, PipelineEditor::open(workspace));
  for (pipeline::StageIndex i = 0; i < graph.size(); ++i) {
    const auto observed = seen.find(graph.address(i));
    if (observed == seen.end() || !observed->second.trace) {
      continue;
    }
    const StageTrace& trace = *observed->second.trace;
    if (trace.ended_well && trace.undeclared.any()) {
      CAIRN_TRY_ASSIGN(StageFix fix, fix_stage(editor, graph.stage(i), trace.undeclared));
      fixes.push_back(std::move(fix));
    }
  }
  CAIRN_TRY(editor.finish(Write::yes));
  return fixes;
}

}  // namespace cairn::ops
