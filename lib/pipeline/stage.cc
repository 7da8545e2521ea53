// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::pipeline {

std::string Stage::address() const {
  return stage_address(file, name);
}

std::string Stage::folder() const {
  return std::string(os::parent_of(file));
}

bool Stage::runs_always() const {
  return always_changed || (deps.empty() && params.empty() && outs.empty());
}

bool Stage::restorable() const {
  return !runs_always() && !outs.empty() &&
         std::all_of(outs.begin(), outs.end(), [](const Out& out) { return out.stored() && !out.persist; });
}

std::string stage_address(std::string_view file, std::string_view name) {
  return file == kPipelineFile ? std::string(name) : fmt::format("{}:{}", file, name);
}

Status check_stage_name(std::string_view name) {
  const auto refuse = [name](std::string_view why) {
    return Error(Code::malformed, fmt::format("bad stage name {}: {}", quoted(name), why));
  };
  if (name.empty()) {
    return refuse("it is empty");
  }
  if (name.find_first_of("/\\:@#${}") != std::string_view::npos) {
    return refuse("it may not hold any of / \\ : @ # $ { }");
  }
  const bool shown_as_is = is_utf8(name) && escaped(name) == name;
  if (!shown_as_is || name.front() == ' ' || name.back() == ' ') {
    return refuse("it holds control characters, or begins or ends with a space");
  }
  return {};
}

Status check_stage_suffix(std::string_view suffix) {
  constexpr std::size_t kLongest = 1000;
  const auto refuse = [suffix](std::string_view why) {
    return Error(Code::malformed, fmt::format("bad name {} for a stage of a loop: {}",
                                              quoted(suffix.substr(0, kLongest)), why));
  };
  if (suffix.empty()) {
    return refuse("it is empty");
  }
  if (suffix.size() > kLongest) {
    return refuse(fmt::format("it is longer than {} bytes; give the items short keys", kLongest));
  }
  if (!is_utf8(suffix) || escaped(suffix) != suffix) {
    return refuse("it holds control characters; give the items plain keys");
  }
  if (suffix.find(fmt::format("{}:", kPipelineFile)) != std::string_view::npos) {
    return refuse("it looks like the address of another stage");
  }
  return {};
}

}  // namespace cairn::pipeline
