// SPDX-License-Identifier: Apache-2.0
#include "remote/gc_lock.h"

#include <ctime>

#include "base/escape.h"

namespace cairn::remote {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kLockLimit = 4096;
/// A look this old is renewed before something is removed.
constexpr std::chrono::seconds kFresh{5};

Time now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Since the machine was started, its sleep included: a holder that slept must not take its lock for fresh.
std::chrono::seconds uptime() {
  timespec time{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec);
}

/// One whose time cannot be read is never old.
bool is_old(const Buffer& lock, const LockTimes& times) {
  const auto time = decode_gc_lock(as_text(lock));
  return time.ok() && now() - *time >= times.old_after;
}

enum class Watched : std::uint8_t { gone, dead, alive };

/// Looks at a lock until it is gone, known to be dead, or alive for `patience`.
Result<Watched> watch(transport::Transport& transport, const std::string& name,
                      std::chrono::milliseconds patience, const Context& context, const LockTimes& times) {
  const auto begin = Steady::now();
  auto changed = begin;
  std::optional<Buffer> seen;
  while (true) {
    CAIRN_TRY(context.check_stop());
    CAIRN_TRY_ASSIGN(auto lock, transport::find_object(transport, name, kLockLimit));
    if (!lock) {
      return Watched::gone;
    }
    const auto looked = Steady::now();
    const bool renewed = seen && *seen != *lock;
    if (!seen || renewed) {
      changed = looked;
    }
    seen = std::move(lock);
    const bool old = !renewed && is_old(*seen, times);
    if (old && looked - changed >= times.observed) {
      return Watched::dead;
    }
    if (!old && looked - begin >= patience) {
      return Watched::alive;
    }
    std::this_thread::sleep_for(times.pause);
  }
}

Error held(const std::string& remote) {
  return {Code::locked, remote + ": another 'cairn remote gc' is at work there",
          "wait for it to end; if it was killed: cairn remote gc --force"};
}

/// Removes locks that nobody holds any more; `locked` where somebody does.
Status clear_others(transport::Transport& transport, const std::string& remote, bool force,
                    const Context& context, const LockTimes& times) {
  CAIRN_TRY_ASSIGN(const auto others, list_gc_locks(transport));
  for (const std::string& name : others) {
    auto state =
        force ? Result(Watched::dead) : watch(transport, name, std::chrono::milliseconds(0), context, times);
    CAIRN_TRY_ASSIGN(const Watched watched, std::move(state));
    if (watched == Watched::alive) {
      return held(remote);
    }
    if (watched == Watched::dead) {
      context.log.warn(remote + ": removed the lock " + quoted(name) +
                       " of a 'cairn remote gc' that ended early");
      CAIRN_TRY(transport.remove(name));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> list_gc_locks(transport::Transport& transport) {
  CAIRN_TRY_ASSIGN(const auto objects, transport.list(std::string(kLocksPrefix)));
  std::vector<std::string> locks;
  for (const transport::ObjectInfo& object : objects) {
    if (is_gc_lock(object.name)) {
      locks.push_back(object.name);
    }
  }
  return locks;
}

GcLock::GcLock(transport::Transport& transport, std::string remote, const LockTimes& times)
    : transport_(transport), remote_(std::move(remote)), times_(times) {}

Result<std::unique_ptr<GcLock>> GcLock::take(transport::Transport& transport, const std::string& remote,
                                             bool force, const Context& context, const LockTimes& times) {
  CAIRN_TRY(clear_others(transport, remote, force, context, times));
  std::unique_ptr<GcLock> lock(new GcLock(transport, remote, times));
  CAIRN_TRY(lock->write());
  // Of two that begin at once at least the later one sees the other; both step back where both do.
  CAIRN_TRY_ASSIGN(const auto locks, list_gc_locks(transport));
  if (locks.size() > 1) {
    return held(remote);
  }
  lock->thread_ = std::thread([raw = lock.get()] { raw->beat(); });
  return lock;
}

GcLock::~GcLock() {
  {
    const std::lock_guard guard(mutex_);
    ends_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  (void)transport_.remove(name_);  // one that stays counts as dead after some time
}

Status GcLock::write() {
  const std::string text = encode_gc_lock(now());
  const std::chrono::seconds begun = uptime();
  CAIRN_TRY(transport_.put_replace(name_, as_bytes(text)));
  renewed_ = begun;
  return {};
}

/// REQUIRES: mutex_ is held.
void GcLock::renew() {
  const auto there = transport_.stat(name_);
  if (there.ok() && !*there) {
    lost_ = true;
  } else if (there.ok()) {
    (void)write();  // what could not be renewed grows old
  }
}

void GcLock::beat() {
  std::unique_lock guard(mutex_);
  while (!wake_.wait_for(guard, times_.beat, [this] { return ends_; })) {
    renew();
  }
}

Status GcLock::check() {
  const std::lock_guard guard(mutex_);
  if (uptime() - renewed_ >= kFresh) {
    renew();
  }
  if (lost_ || uptime() - renewed_ >= times_.old_after / 2) {
    return Error(Code::locked,
                 remote_ + ": the lock of this collection " +
                     (lost_ ? "was removed by another one" : "could not be renewed in time") +
                     "; nothing more is removed",
                 "run the command again");
  }
  return {};
}

Status wait_for_gc(transport::Transport& transport, const std::string& remote,
                   std::span<const std::string> locks, const Context& context, const LockTimes& times) {
  if (!locks.empty()) {
    context.log.info(remote + ": waiting for a 'cairn remote gc' to end");
  }
  for (const std::string& name : locks) {
    CAIRN_TRY_ASSIGN(const Watched watched, watch(transport, name, times.patience, context, times));
    if (watched == Watched::alive) {
      return Error(Code::locked,
                   remote + ": a 'cairn remote gc' does not end; what was pushed may be incomplete",
                   "run the command again when it has ended; if it was killed: cairn remote gc --force");
    }
  }
  return {};
}

}  // namespace cairn::remote
