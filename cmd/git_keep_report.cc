// SPDX-License-Identifier: Apache-2.0
#include "git_keep_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "project/apply_hints.h"
#include "render.h"

namespace cairn::cmd {

std::string message_of_call(const std::vector<std::string>& words) {
  std::string message = "cairn";
  for (const std::string& word : words) {
    if (word != "--commit") {
      message += " " + project::shell_word(word);
    }
  }
  return message;
}

void add_to_outcome(const Result<ops::GitKeepReport>& kept, Outcome& outcome) {
  if (!kept.ok()) {
    outcome.errors.push_back(kept.error());
    return;
  }
  Json staged = Json::array();
  for (const std::string& path : kept->staged) {
    staged.push_back(escaped(path));
  }
  outcome.json["staged"] = std::move(staged);
  outcome.json["commit"] = kept->commit ? Json(kept->commit->hex()) : Json();
  if (kept->commit) {
    outcome.text += fmt::format("committed as {}\n", kept->commit->hex().substr(0, 12));
  } else if (!kept->staged.empty()) {
    outcome.text += fmt::format("staged {} for the next commit\n", counted(kept->staged.size(), "file"));
  }
}

}  // namespace cairn::cmd
