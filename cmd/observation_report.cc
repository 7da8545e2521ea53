// SPDX-License-Identifier: Apache-2.0
#include "observation_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "render.h"

namespace cairn::cmd {
namespace {

using pipeline::UndeclaredPath;

std::string_view use_name(runner::TraceEndpoint::Use use) {
  switch (use) {
    case runner::TraceEndpoint::Use::connect:
      return "connect";
    case runner::TraceEndpoint::Use::send:
      return "send";
    case runner::TraceEndpoint::Use::bind:
      return "bind";
  }
  return "";
}

/// What a trace did not see, in words.
std::vector<std::string> unseen_words(const ops::StageTrace& trace) {
  std::vector<std::string> words;
  const runner::TraceBlindSpots& unseen = trace.unseen;
  const auto add = [&words](bool there, std::string text) {
    if (there) {
      words.push_back(std::move(text));
    }
  };
  add(trace.container, "what it did in its container");
  add(unseen.calls != 0, counted(unseen.calls, "call") + " of processes that nobody may look into");
  add(unseen.paths != 0, counted(unseen.paths, "path") + " after the most that are kept");
  add(unseen.background, "what processes did that outlived it");
  add(unseen.foreign_binary, "what a program for another architecture did");
  add(unseen.io_uring, "files opened through an io_uring");
  return words;
}

void add_paths(std::string& text, std::string_view what, const std::vector<UndeclaredPath>& paths) {
  for (const UndeclaredPath& path : paths) {
    text += fmt::format("{} {}", what, quoted(path.shown()));
    if (path.folder && path.files != 0) {
      text += " (" + counted(path.files, "file") + ")";
    }
    text += path.code ? ", which Git tracks\n" : "\n";
  }
}

Json paths_json(const std::vector<UndeclaredPath>& paths) {
  Json list = Json::array();
  for (const UndeclaredPath& path : paths) {
    Json one;
    put_path(one, "path", path.path);
    one["folder"] = path.folder;
    one["files"] = path.files;
    one["code"] = path.code;
    list.push_back(std::move(one));
  }
  return list;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) {
    list.push_back(escaped(text));
  }
  return list;
}

std::string trace_lines(const ops::StageTrace& trace) {
  std::string text;
  add_paths(text, "read without declaring it:", trace.undeclared.reads);
  add_paths(text, "wrote without declaring it:", trace.undeclared.writes);
  add_paths(text, "removed without declaring it:", trace.undeclared.removed);
  for (const runner::TraceEndpoint& endpoint : trace.network) {
    text += fmt::format("network: {} {}\n", use_name(endpoint.use), escaped(endpoint.address));
  }
  for (const std::string& folder : trace.undeclared.listed) {
    text += fmt::format("read only the names in {}\n", quoted(folder + "/"));
  }
  for (const std::string& words : unseen_words(trace)) {
    text += "not seen: " + words + "\n";
  }
  return trace.undeclared.any() ? text : "touched no undeclared files\n" + text;
}

}  // namespace

std::string observation_lines(const ops::StageObservation& observation) {
  std::string text;
  if (observation.isolation) {
    text += observation.isolation->boxed
                ? "isolated by bubblewrap\n"
                : "isolated in a folder, where absolute paths still reach the project: " +
                      observation.isolation->why_not_boxed + "\n";
  }
  if (observation.trace) {
    text += trace_lines(*observation.trace);
  }
  return indented(text, std::string(14, ' '));
}

void put_observation(Json& stage, const ops::StageObservation& observation) {
  if (observation.isolation) {
    stage["isolated"] = observation.isolation->boxed ? "bubblewrap" : "folder";
  }
  if (!observation.trace) {
    return;
  }
  const ops::StageTrace& trace = *observation.trace;
  Json network = Json::array();
  for (const runner::TraceEndpoint& endpoint : trace.network) {
    network.push_back({{"use", use_name(endpoint.use)}, {"address", escaped(endpoint.address)}});
  }
  stage["undeclared"] = {{"reads", paths_json(trace.undeclared.reads)},
                         {"writes", paths_json(trace.undeclared.writes)},
                         {"removed", paths_json(trace.undeclared.removed)},
                         {"listed", texts_json(trace.undeclared.listed)},
                         {"network", std::move(network)},
                         {"unseen", texts_json(unseen_words(trace))}};
}

std::string fix_lines(const std::vector<ops::StageFix>& fixes) {
  std::string text;
  for (const ops::StageFix& fix : fixes) {
    std::string lines;
    for (const std::string& dep : fix.deps) {
      lines += "dep " + quoted(dep) + "\n";
    }
    for (const std::string& out : fix.outs) {
      lines += "out " + quoted(out) + "\n";
    }
    if (!lines.empty()) {
      text += fmt::format("added to stage {} in {}:\n{}", quoted(fix.stage), escaped(fix.file),
                          indented(lines, "  "));
    }
    for (const pipeline::NotFixed& left : fix.left) {
      text += fmt::format("left to you in stage {}: {}, {}\n", quoted(fix.stage), quoted(left.path.shown()),
                          left.why);
    }
  }
  return text;
}

Json fix_json(const std::vector<ops::StageFix>& fixes) {
  Json list = Json::array();
  for (const ops::StageFix& fix : fixes) {
    Json one = {{"stage", escaped(fix.stage)}, {"file", escaped(fix.file)}};
    one["deps"] = texts_json(fix.deps);
    one["outs"] = texts_json(fix.outs);
    Json left = Json::array();
    for (const pipeline::NotFixed& path : fix.left) {
      Json item;
      put_path(item, "path", path.path.path);
      item["why"] = path.why;
      left.push_back(std::move(item));
    }
    one["left"] = std::move(left);
    if (fix.error) {
      one["error"] = to_json(*fix.error);
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace cairn::cmd
