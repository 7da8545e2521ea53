// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cairn::cmd {

/// Parses the command line, opens what the command needs, runs it and prints what it returns. The exit
/// status.
int run(int argc, char** argv);

}  // namespace cairn::cmd
