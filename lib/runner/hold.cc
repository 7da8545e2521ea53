// SPDX-License-Identifier: Apache-2.0
#include "runner/hold.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "os/process.h"
#include "os/retry.h"
#include "runner/hold_enter.h"
#include "runner/hold_filter.h"

namespace cairn::runner {
namespace {

/// What programs and libraries take their number of threads from.
constexpr std::array<const char*, 11> kThreadVariables = {
    "OMP_NUM_THREADS",     "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",   "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS",    "RAYON_NUM_THREADS", "JULIA_NUM_THREADS",
    "POLARS_MAX_THREADS",  "PYTHON_CPU_COUNT",     "GOMAXPROCS"};

/// The first `count` of ours; nothing where we have fewer.
std::optional<cpu_set_t> first_cpus(unsigned count) {
  cpu_set_t ours;
  CPU_ZERO(&ours);
  if (::sched_getaffinity(0, sizeof ours, &ours) != 0 || static_cast<unsigned>(CPU_COUNT(&ours)) < count) {
    return std::nullopt;
  }
  cpu_set_t out;
  CPU_ZERO(&out);
  for (std::size_t cpu = 0; static_cast<unsigned>(CPU_COUNT(&out)) < count; ++cpu) {
    if (CPU_ISSET(cpu, &ours)) {
      CPU_SET(cpu, &out);
    }
  }
  return out;
}

Error refused(int error) {
  return {Code::unsupported, std::string("a command cannot be held here: ") + std::strerror(error),
          "run it where ptrace is allowed, and user namespaces for process ids"};
}

}  // namespace

/// Lives until the command has ended, for its tracer writes to memory of ours.
class HeldWorld::Supervisor {
 public:
  Supervisor() = default;
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  ~Supervisor() {
    if (shared_ != MAP_FAILED) {
      ::munmap(shared_, sizeof(std::atomic<bool>));
    }
  }

  Status prepare(const Hold& hold) {
    shared_ =
        ::mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared_ == MAP_FAILED) {
      return Error::from_errno(errno, "cannot get", "memory");
    }
    setup_.threads_seen = new (shared_) std::atomic<bool>(false);
    setup_.hold = hold;
    setup_.cpus = hold.cpus == 0 ? std::nullopt : first_cpus(hold.cpus);
    setup_.filter = hold_filter(hold, hold.cpus != 0 && !setup_.cpus.has_value());
    setup_.user_map = fmt::format("{0} {0} 1", ::geteuid());
    setup_.group_map = fmt::format("{0} {0} 1", ::getegid());
    return {};
  }

  /// Holds a process that does nothing.
  Status probe() {
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(become_held(&setup_));
    }
    int status = -1;
    if (child < 0 || os::retry([&] { return ::waitpid(child, &status, 0); }) < 0) {
      return Error::from_errno(errno, "cannot start a process for", "trying to hold a command");
    }
    if (status != 0) {
      return refused(WIFEXITED(status) ? WEXITSTATUS(status) : EPERM);
    }
    return {};
  }

  HoldSetup& setup() { return setup_; }

 private:
  HoldSetup setup_;
  void* shared_ = MAP_FAILED;
};

HeldWorld::HeldWorld(std::unique_ptr<Supervisor> supervisor) : supervisor_(std::move(supervisor)) {}
HeldWorld::HeldWorld(HeldWorld&&) noexcept = default;
HeldWorld::~HeldWorld() = default;

Result<HeldWorld> HeldWorld::begin(const Hold& hold) {
  auto supervisor = std::make_unique<Supervisor>();
  CAIRN_TRY(supervisor->prepare(hold));
  CAIRN_TRY(supervisor->probe());
  return HeldWorld(std::move(supervisor));
}

void HeldWorld::hold(os::ProcessOptions& options) {
  HoldSetup& setup = supervisor_->setup();
  options.before_exec = become_held;
  options.before_exec_data = &setup;
  if (setup.hold.cpus != 0) {
    for (const char* variable : kThreadVariables) {
      options.env.try_emplace(variable, std::to_string(setup.hold.cpus));  // what the command sets stays
    }
  }
}

HeldWorld::Seen HeldWorld::finish() {
  return {supervisor_->setup().threads_seen->load()};
}

}  // namespace cairn::runner
