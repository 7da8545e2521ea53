// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

namespace cairn::cmd {

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      version_command(),
  };
  return table;
}

}  // namespace cairn::cmd
