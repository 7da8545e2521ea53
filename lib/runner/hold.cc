// SPDX-License-Identifier: Apache-2.0
#include "runner/hold.h"

#include <sched.h>

#include <cerrno>

namespace cairn::runner {

class HeldWorld::Supervisor {
 public:
  cpu_set_t cpus{};
};

namespace {

int keep_to_cpus(void* data) {
  return ::sched_setaffinity(0, sizeof(cpu_set_t), static_cast<const cpu_set_t*>(data)) == 0 ? 0 : errno;
}

}  // namespace

HeldWorld::HeldWorld(std::unique_ptr<Supervisor> supervisor) : supervisor_(std::move(supervisor)) {}
HeldWorld::HeldWorld(HeldWorld&&) noexcept = default;
HeldWorld::~HeldWorld() = default;

Result<HeldWorld> HeldWorld::begin(const Hold& hold) {
  if (hold.clock_ns || hold.random_seed || hold.folder_order != Hold::FolderOrder::as_found ||
      hold.processes || hold.addresses) {
    return Error(Code::unsupported, "this cannot be held here");
  }
  auto supervisor = std::make_unique<Supervisor>();
  cpu_set_t ours;
  CPU_ZERO(&ours);
  ::sched_getaffinity(0, sizeof ours, &ours);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &ours) && static_cast<unsigned>(CPU_COUNT(&supervisor->cpus)) < hold.cpus) {
      CPU_SET(cpu, &supervisor->cpus);
    }
  }
  return HeldWorld(std::move(supervisor));
}

void HeldWorld::hold(os::ProcessOptions& options) {
  if (CPU_COUNT(&supervisor_->cpus) > 0) {
    options.before_exec = keep_to_cpus;
    options.before_exec_data = &supervisor_->cpus;
  }
}

HeldWorld::Seen HeldWorld::finish() {
  return {};
}

}  // namespace cairn::runner
