// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stage_place.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace cairn::pipeline {

Result<StagePlace> find_stage_place(const text::Value& document, std::string_view path,
                                    std::string_view name) {
  const text::Value* stages = document.find("stages");
  const text::Value* own = stages == nullptr ? nullptr : stages->find(name);
  const std::string_view group = name.substr(0, name.find('@'));
  if (own == nullptr && group.size() < name.size() && stages != nullptr && stages->find(group) != nullptr) {
    return Error(Code::unsupported,
                 fmt::format("{}: stage {} is one of those that {} makes",
                             text::place(path, stages->find(group)->begin()), quoted(name), quoted(group)),
                 fmt::format("name {}, which concerns all of them", quoted(group)));
  }
  if (own == nullptr) {
    return Error(Code::not_found, fmt::format("no stage {} in {}", quoted(name), quoted(path)),
                 "cairn stage list");
  }
  StagePlace place{{"stages", std::string(name)}, {"stages", std::string(name)}};
  if (own->find("foreach") != nullptr && own->find("do") != nullptr) {
    place.body.emplace_back("do");
  }
  return place;
}

}  // namespace cairn::pipeline
