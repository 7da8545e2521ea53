// SPDX-License-Identifier: Apache-2.0
#include "ops/stage_limits.h"

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "os/memory_limit.h"
#include "os/parallel.h"
#include "pipeline/quantity.h"
#include "version/system_facts.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kSettingPrefix = "resources.";

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(count) : std::nullopt;
}

/// Sets the limit of one resource. `source` is how the user wrote it.
Status set_limit(pipeline::Resources& limits, const std::string& name, std::string_view value,
                 const std::string& source) {
  std::uint64_t& limit = name == "cpus"   ? limits.milli_cpus
                         : name == "mem"  ? limits.memory
                         : name == "gpus" ? limits.gpus
                                          : limits.tokens[name];
  const auto amount = name == "cpus"  ? pipeline::parse_thousandths(value)
                      : name == "mem" ? pipeline::parse_bytes(value)
                                      : parse_count(value);
  if (!amount.has_value()) {
    const char* allowed = name == "cpus"  ? "a number such as 2 or 0.5"
                          : name == "mem" ? "a size such as 4GiB"
                                          : "a whole number";
    return Error(Code::usage, quoted(source) + " does not give " + allowed,
                 "write NAME=N, as in cpus=4, mem=16GiB, gpus=1, db=2");
  }
  limit = *amount;
  return {};
}

std::uint64_t count_gpus(const pipeline::Graph& graph) {
  bool wanted = false;
  for (pipeline::StageIndex stage = 0; stage < graph.size() && !wanted; ++stage) {
    wanted = graph.stage(stage).resources.gpus > 0;
  }
  const text::Value* gpus = wanted ? version::system_facts().find("gpus") : nullptr;
  return gpus == nullptr ? 0 : gpus->items().size();
}

}  // namespace

Result<pipeline::Resources> stage_limits(const project::Config& config, const pipeline::Graph& graph,
                                         unsigned jobs, const std::vector<std::string>& overrides) {
  pipeline::Resources limits;
  limits.milli_cpus = std::uint64_t{1000} * std::max(os::available_processors(), jobs);
  limits.memory = os::available_memory();
  limits.gpus = count_gpus(graph);
  for (const auto& [name, setting] : config.list()) {
    if (name.starts_with(kSettingPrefix)) {
      CAIRN_TRY(
          set_limit(limits, name.substr(kSettingPrefix.size()), setting.value, name + "=" + setting.value));
    }
  }
  for (const std::string& text : overrides) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return Error(Code::usage, quoted(text) + " is not of the form NAME=N", "cairn repro --help");
    }
    CAIRN_TRY(set_limit(limits, text.substr(0, equals), std::string_view(text).substr(equals + 1), text));
  }
  return limits;
}

}  // namespace cairn::ops
