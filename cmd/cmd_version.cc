// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/version.h"
#include "commands.h"

namespace cairn::cmd {

Command version_command() {
  return {"version",
          "Setup",
          "Show the version of cairn",
          "cairn version",
          Needs::nothing,
          [](Parser&) -> Runner {
            return [](Invocation&) -> Result<Outcome> {
              Outcome outcome;
              outcome.text = fmt::format("cairn {}\n", own_version());
              outcome.json["version"] = own_version();
              return outcome;
            };
          }};
}

}  // namespace cairn::cmd
