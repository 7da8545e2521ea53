// SPDX-License-Identifier: Apache-2.0
#include "experiment_output.h"

#include <fmt/chrono.h>

#include <ctime>

namespace cairn::cmd {
std::string short_commit(const git::Oid& commit) {
  constexpr std::size_t kShown = 7;
  return commit.hex().substr(0, kShown);
}

std::string local_time(std::int64_t seconds) {
  std::time_t time = seconds;
  std::tm parts{};
  localtime_r(&time, &parts);
  return fmt::format("{:%Y-%m-%d %H:%M}", parts);
}

std::string utc_time(std::int64_t seconds) {
  std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

Json experiment_json(const ops::Experiment& experiment) {
  return {{"name", experiment.name},
          {"commit", experiment.commit.hex()},
          {"base", experiment.base.hex()},
          {"status", ops::status_name(experiment.status)},
          {"created", utc_time(experiment.created)},
          {"title", experiment.title},
          {"set", experiment.set}};
}

}  // namespace cairn::cmd
