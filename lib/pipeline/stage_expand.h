// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/loop.h"
#include "pipeline/stage.h"
#include "pipeline/stage_reader.h"
#include "pipeline/template_resolve.h"
#include "pipeline/value_reader.h"
#include "pipeline/variables.h"
#include "pipeline/vars_loader.h"

namespace cairn::pipeline {

/// What the stages of one cairn.yaml share.
struct StageScope {
  std::string file;
  Variables& variables;
  const LoadedVars& loaded;
  StageDefaults defaults;
  std::set<std::string> environment_names;  ///< variables that the default environment's templates took
};

/// Makes stages of the entries of `stages`: expands loops, resolves templates. Internal to this module.
class StageExpander {
 public:
  /// All must outlive this object.
  StageExpander(const StageScope& scope, VarsLoader& loader, TemplateResolver& resolver, ValueReader& reader)
      : scope_(scope), loader_(loader), resolver_(resolver), reader_(reader) {}

  void expand(const text::Entry& entry, std::vector<Stage>& stages);

 private:
  /// Where a loop's stages come from.
  struct Loop {
    const text::Entry& entry;
    const text::Value& body;
  };

  void expand_foreach(const text::Entry& entry, std::vector<Stage>& stages);
  void expand_matrix(const text::Entry& entry, std::vector<Stage>& stages);
  void expand_items(const Loop& loop, const std::vector<LoopItem>& items, const std::set<std::string>& names,
                    std::vector<Stage>& stages);
  Stage make_stage(StageHead head, const text::Value& body, Variables& variables);
  void load_vars(const text::Value& body, Variables& variables);

  const StageScope& scope_;
  VarsLoader& loader_;
  TemplateResolver& resolver_;
  ValueReader& reader_;
  std::size_t made_by_loops_ = 0;
};

}  // namespace cairn::pipeline
