// SPDX-License-Identifier: Apache-2.0
#include "pipeline/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

using text::Kind;
using text::Value;

const Value* list_item(const Value& list, std::string_view number) {
  std::size_t index = 0;
  const char* end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, index);
  const bool in_list = parsed.ec == std::errc() && parsed.ptr == end && index < list.items().size();
  return in_list ? &list.items()[index] : nullptr;
}

/// Each value is reached by one spelling of the key at most, so the cost is linear in the document.
const Value* look_up(const Value& value, std::string_view key) {
  for (std::size_t dot = key.find('.');; dot = key.find('.', dot + 1)) {
    const std::string_view part = key.substr(0, dot);
    const Value* inner = value.is(Kind::list) ? list_item(value, part) : value.find(part);
    if (dot == std::string_view::npos) {
      return inner;
    }
    if (inner != nullptr && !inner->is_scalar()) {
      if (const Value* found = look_up(*inner, key.substr(dot + 1)); found != nullptr) {
        return found;
      }
    }
  }
}

std::vector<FoundParam> find_whole(const std::string& file, const Value* document) {
  if (document == nullptr || !document->is(Kind::map)) {
    return {{file, "", document == nullptr ? std::nullopt : std::optional<Value>(*document)}};
  }
  std::vector<FoundParam> found;
  for (const text::Entry& entry : document->entries()) {
    found.push_back({file, entry.key, entry.value});
  }
  return found;
}

std::vector<LockedPath> locked(const std::vector<FoundPath>& found) {
  std::vector<LockedPath> paths;
  paths.reserve(found.size());
  for (const FoundPath& path : found) {
    if (path.state.has_value()) {
      paths.push_back({path.path, *path.state});
    }
  }
  std::sort(paths.begin(), paths.end(),
            [](const LockedPath& a, const LockedPath& b) { return a.path < b.path; });
  const auto same = [](const LockedPath& a, const LockedPath& b) { return a.path == b.path; };
  paths.erase(std::unique(paths.begin(), paths.end(), same), paths.end());
  return paths;
}

std::vector<LockedParam> locked(const std::vector<FoundParam>& found) {
  std::vector<LockedParam> params;
  params.reserve(found.size());
  for (const FoundParam& param : found) {
    if (param.value.has_value()) {
      params.push_back({param.file, param.key, *param.value});
    }
  }
  std::sort(params.begin(), params.end(), [](const LockedParam& a, const LockedParam& b) {
    return std::tie(a.file, a.key) < std::tie(b.file, b.key);
  });
  return params;
}

Error missing(const Stage& stage, const text::Position& at, std::string_view what, std::string_view name) {
  return Error(Code::not_found, fmt::format("{}: {} {} of stage {} is missing", text::place(stage.file, at),
                                            what, quoted(name), quoted(stage.address())));
}

text::Position dep_place(const Stage& stage, std::string_view path) {
  for (const Dep& dep : stage.deps) {
    if (dep.path == path) {
      return dep.at;
    }
  }
  return stage.at;
}

text::Position param_place(const Stage& stage, const FoundParam& param) {
  for (const ParamFile& file : stage.params) {
    if (file.file != param.file) {
      continue;
    }
    for (const ParamKey& key : file.keys) {
      if (key.key == param.key) {
        return key.at;
      }
    }
    return file.at;
  }
  return stage.at;
}

}  // namespace

std::vector<FoundParam> find_params(const ParamFile& wanted, const text::Value* document) {
  if (wanted.whole) {
    return find_whole(wanted.file, document);
  }
  std::vector<FoundParam> found;
  found.reserve(wanted.keys.size());
  for (const ParamKey& key : wanted.keys) {
    const Value* value = document == nullptr ? nullptr : look_up(*document, key.key);
    found.push_back({wanted.file, key.key, value == nullptr ? std::nullopt : std::optional<Value>(*value)});
  }
  return found;
}

StageLock make_block(const Stage& stage, const Inputs& inputs) {
  StageLock block;
  block.name = stage.name;
  block.cmd = stage.cmd;
  block.shell = stage.shell;
  block.wdir = stage.wdir;
  block.code = locked(inputs.code);
  block.deps = locked(inputs.deps);
  block.params = locked(inputs.params);
  block.outs.reserve(stage.outs.size());
  for (const Out& out : stage.outs) {
    block.outs.push_back(
        {out.path, {}, out.cached, out.kind, out.glob ? out.path : "", out.push, out.remote});
  }
  std::sort(block.outs.begin(), block.outs.end(),
            [](const LockedOut& a, const LockedOut& b) { return a.path < b.path; });
  return block;
}

Status check_inputs(const Stage& stage, const Inputs& inputs) {
  for (const FoundPath& dep : inputs.deps) {
    if (!dep.state.has_value()) {
      return missing(stage, dep_place(stage, dep.path), "dep", dep.path)
          .with_hint("make it, or bring back what is stored with: cairn checkout");
    }
  }
  for (const FoundPath& code : inputs.code) {
    if (!code.state.has_value()) {
      return missing(stage, stage.at, "code file", code.path)
          .with_hint("bring it back with: git checkout -- FILE");
    }
  }
  for (const FoundParam& param : inputs.params) {
    if (!param.value.has_value()) {
      const bool whole = param.key.empty();
      return missing(stage, param_place(stage, param), whole ? "params file" : "parameter",
                     whole ? param.file : fmt::format("{}:{}", param.file, param.key))
          .with_hint("add it to the params file, or take it out of the stage's 'params'");
    }
  }
  return {};
}

}  // namespace cairn::pipeline
