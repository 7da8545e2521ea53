// SPDX-License-Identifier: Apache-2.0
#include "pipeline/resource_pool.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

constexpr std::uint64_t kOneCpu = 1000;

std::uint64_t amount_of(const Resources& resources, const std::string& token) {
  const auto at = resources.tokens.find(token);
  return at == resources.tokens.end() ? 0 : at->second;
}

std::string cpus(std::uint64_t milli) {
  return fmt::format("{} CPU{}", static_cast<double>(milli) / kOneCpu, milli == kOneCpu ? "" : "s");
}

std::string bytes(std::uint64_t amount) {
  static constexpr std::pair<std::uint64_t, const char*> kUnits[] = {
      {1ULL << 40, "TiB"}, {1ULL << 30, "GiB"}, {1ULL << 20, "MiB"}, {1ULL << 10, "KiB"}};
  for (const auto& [unit, name] : kUnits) {
    if (amount >= unit) {
      return fmt::format("{:.4g} {}", static_cast<double>(amount) / static_cast<double>(unit), name);
    }
  }
  return fmt::format("{} bytes", amount);
}

/// Calls visit(words, demanded, available) for every kind of which `demand` asks for something.
template <typename Visit>
void each_kind(const Resources& demand, const Resources& available, Visit visit) {
  const auto look = [&visit](std::uint64_t wanted, std::uint64_t there, const auto& words) {
    if (wanted > 0) {
      visit(wanted, there, words);
    }
  };
  look(demand.milli_cpus, available.milli_cpus, cpus);
  look(demand.memory, available.memory, [](std::uint64_t amount) { return bytes(amount) + " of memory"; });
  look(demand.gpus, available.gpus,
       [](std::uint64_t amount) { return fmt::format("{} GPU{}", amount, amount == 1 ? "" : "s"); });
  for (const auto& [token, wanted] : demand.tokens) {
    const std::string& name = token;
    look(wanted, amount_of(available, token),
         [&name](std::uint64_t amount) { return fmt::format("{} of {}", amount, quoted(name)); });
  }
}

bool fits(const Resources& demand, const Resources& available) {
  bool all = true;
  each_kind(demand, available,
            [&all](std::uint64_t wanted, std::uint64_t there, const auto&) { all = all && wanted <= there; });
  return all;
}

/// Takes away `demand`, or as much of it as there is.
void reduce(Resources& from, const Resources& demand) {
  const auto less = [](std::uint64_t& amount, std::uint64_t by) { amount -= std::min(amount, by); };
  less(from.milli_cpus, demand.milli_cpus);
  less(from.memory, demand.memory);
  less(from.gpus, demand.gpus);
  for (const auto& [token, amount] : demand.tokens) {
    less(from.tokens[token], amount);
  }
}

}  // namespace

Resources demand_of(const Stage& stage) {
  Resources demand = stage.resources;
  if (demand.milli_cpus == 0) {
    demand.milli_cpus = kOneCpu;
  }
  return demand;
}

std::string beyond(const Resources& demand, const Resources& limits) {
  std::string text;
  each_kind(demand, limits, [&text](std::uint64_t wanted, std::uint64_t there, const auto& words) {
    if (wanted > there) {
      text += (text.empty() ? "" : ", ") + words(wanted);
      text += there == 0 ? " (there is none)" : " (there are " + words(there) + ")";
    }
  });
  return text;
}

Status check_fits(const Stage& stage, const Resources& limits) {
  const std::string missing = beyond(demand_of(stage), limits);
  if (missing.empty()) {
    return {};
  }
  return Error(Code::stage_failed,
               fmt::format("{}:{}:{}: stage {} needs {}", escaped(stage.file), stage.at.line, stage.at.column,
                           quoted(stage.address()), missing),
               "ask for less under 'resources:', or raise the limit: cairn repro --resource NAME=N");
}

ResourcePool::ResourcePool(const std::optional<Resources>& limits)
    : limited_(limits.has_value()), free_(limits.value_or(Resources())) {}

void ResourcePool::begin_round() {
  round_ = free_;
}

bool ResourcePool::take(const Resources& demand) {
  if (!limited_) {
    return true;
  }
  const bool enough = fits(demand, round_);
  reduce(round_, demand);
  if (enough) {
    reduce(free_, demand);
  }
  return enough;
}

bool ResourcePool::exhausted() const {
  return limited_ && round_.milli_cpus == 0;
}

void ResourcePool::give_back(const Resources& demand) {
  if (!limited_) {
    return;
  }
  free_.milli_cpus += demand.milli_cpus;
  free_.memory += demand.memory;
  free_.gpus += demand.gpus;
  for (const auto& [token, amount] : demand.tokens) {
    free_.tokens[token] += amount;
  }
}

std::string ResourcePool::lacking(const Resources& demand) const {
  std::string text;
  each_kind(demand, free_, [&text](std::uint64_t wanted, std::uint64_t there, const auto& words) {
    if (wanted > there) {
      text += (text.empty() ? "" : " and ") + words(wanted);
    }
  });
  return text;
}

}  // namespace cairn::pipeline
