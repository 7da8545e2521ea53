// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "exit_status.h"
#include "run.h"

int main(int argc, char** argv) {
  try {
    return cairn::cmd::run(argc, argv);
  } catch (const std::exception& error) {  // third-party code and out-of-memory only
    std::fprintf(stderr, "error: unexpected: %s\n", error.what());
    return cairn::cmd::kExitBug;
  }
}
