// SPDX-License-Identifier: Apache-2.0
#include "stage_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "render.h"

namespace cairn::cmd {
namespace {

struct Words {
  const char* text;
  Color color;
};

Words words_for(pipeline::Outcome outcome) {
  switch (outcome) {
    case pipeline::Outcome::up_to_date:
      return {"up to date", Color::green};
    case pipeline::Outcome::restored:
      return {"restored", Color::green};
    case pipeline::Outcome::ran:
      return {"ran", Color::green};
    case pipeline::Outcome::adopted:
      return {"recorded", Color::green};
    case pipeline::Outcome::failed:
      return {"failed", Color::red};
    case pipeline::Outcome::skipped:
      return {"skipped", Color::yellow};
    case pipeline::Outcome::would_run:
      return {"would run", Color::cyan};
    case pipeline::Outcome::would_restore:
      return {"would restore", Color::cyan};
    case pipeline::Outcome::would_adopt:
      return {"would record", Color::cyan};
    case pipeline::Outcome::might_run:
      return {"might run", Color::cyan};
  }
  return {"", Color::bold};
}

}  // namespace

std::string stage_line(const std::string& address, const pipeline::StageReport& report,
                       const StageDetail& detail) {
  if (report.outcome == pipeline::Outcome::up_to_date && !detail.up_to_date) {
    return "";
  }
  Words words = words_for(report.outcome);
  std::string text =
      painted(fmt::format("{:<13}", words.text), words.color, detail.changes.color) + " " + escaped(address);
  if (!report.reason.empty()) {
    text += ": " + report.reason;
  }
  return text + "\n" + indented(change_lines(report.changes, detail.changes), std::string(14, ' '));
}

Json stage_json(const std::string& address, const pipeline::StageReport& report) {
  Json json = {{"stage", address}, {"outcome", pipeline::outcome_name(report.outcome)}};
  if (!report.reason.empty()) {
    json["reason"] = report.reason;
  }
  Json changes = Json::array();
  for (const pipeline::Change& change : report.changes) {
    changes.push_back(change_json(change));
  }
  json["changes"] = std::move(changes);
  if (report.attempts > 0) {
    json["attempts"] = report.attempts;
  }
  if (report.end) {
    json["exit"] = report.end->status;
    json["signal"] = report.end->signal;
    json["timed_out"] = report.end->timed_out;
  }
  if (report.error) {
    json["error"] = to_json(*report.error);
  }
  return json;
}

}  // namespace cairn::cmd
