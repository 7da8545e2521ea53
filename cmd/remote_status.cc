// SPDX-License-Identifier: Apache-2.0
#include "remote_status.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "ops/remote_status.h"
#include "render.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

struct WhereWords {
  const char* state;  ///< in JSON
  const char* text;
  const char* next;
};

WhereWords words_of(ops::Whereabouts where) {
  switch (where) {
    case ops::Whereabouts::on_both:
      return {"on_both", "", ""};
    case ops::Whereabouts::only_here:
      return {"only_here", "not pushed", "cairn push"};
    case ops::Whereabouts::only_there:
      return {"only_there", "not fetched", "cairn fetch"};
    case ops::Whereabouts::in_part:
      return {"in_part", "here and there in part", "cairn push"};
    case ops::Whereabouts::nowhere:
      return {"nowhere", "neither here nor there", ""};
  }
  return {"", "", ""};
}

}  // namespace

Status add_remote_section(Invocation& invocation, const std::vector<project::Tracked>& tracked,
                          Outcome& outcome, bool& clean) {
  CAIRN_TRY_ASSIGN(const auto list,
                   ops::remote_status(*invocation.workspace, tracked, "", invocation.context));
  Json json = Json::array();
  std::string lines;
  for (const ops::RemoteStatus& one : list) {
    const WhereWords words = words_of(one.where);
    Json entry;
    put_path(entry, "path", one.tracked.path);
    entry["remote"] = one.remote;
    entry["state"] = words.state;
    json.push_back(std::move(entry));
    if (one.where == ops::Whereabouts::on_both) {
      continue;
    }
    clean = false;
    const std::string path = shown_path(invocation, one.tracked.path);
    lines += fmt::format("  {} {}{}   on remote {}\n",
                         painted(fmt::format("{:<18}", words.text), Color::yellow, invocation.color), path,
                         *words.next == '\0' ? "" : fmt::format("   ({} {})", words.next, path),
                         quoted(one.remote));
  }
  outcome.json["remote"] = std::move(json);
  outcome.text += lines.empty() ? "" : "remote:\n" + lines;
  return {};
}

}  // namespace cairn::cmd
