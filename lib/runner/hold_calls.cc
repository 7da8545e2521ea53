// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_calls.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string_view>
#include <vector>

#include "os/fd.h"
#include "runner/process_memory.h"

namespace cairn::runner {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSleepStep = 100'000'000;
constexpr std::int64_t kLook = 1'000;                       // how far a clock moves with each look, ns
constexpr std::size_t kDeviceBytes = std::size_t{4} << 20;  // of /dev/urandom, each time it is opened

template <typename T>
std::span<const char> bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <typename T>
std::optional<T> read_value(pid_t thread, std::uint64_t address) {
  T value{};
  const std::span<char> bytes(reinterpret_cast<char*>(&value), sizeof value);
  return read_memory(thread, address, bytes).value_or(0) == sizeof value ? std::optional(value)
                                                                         : std::nullopt;
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string random_bytes(std::uint64_t& state, std::size_t size) {
  std::string out;
  out.reserve(size + sizeof state);
  while (out.size() < size) {
    const std::uint64_t word = next_random(state);
    out.append(bytes_of(word).data(), sizeof word);
  }
  out.resize(size);
  return out;
}

/// As the kernel writes one, RFC 9562 §5.4.
std::string random_uuid(std::uint64_t& state) {
  const std::uint64_t high = next_random(state);
  const std::uint64_t low = next_random(state);
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}\n", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, 0x8000 | (low >> 50), low & 0xffffffffffff);
}

timespec to_timespec(std::int64_t ns) {
  timespec out{};
  out.tv_sec = static_cast<time_t>(ns / kSecond);
  out.tv_nsec = static_cast<long>(ns % kSecond);
  return out;
}

std::int64_t to_ns(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + time.tv_nsec;
}

std::int64_t write_result(pid_t thread, std::uint64_t address, std::span<const char> bytes,
                          std::int64_t result = 0) {
  return write_memory(thread, address, bytes) ? result : -EFAULT;
}

std::int64_t look_at_clock(pid_t thread, const Registers& registers, HeldProcess& process) {
  const timespec now = to_timespec(process.clock_ns);
  process.clock_ns += kLook;
  switch (registers.number()) {
    case SYS_clock_gettime:
      return write_result(thread, registers.argument(1), bytes_of(now));
    case SYS_gettimeofday: {
      const timeval value{now.tv_sec, now.tv_nsec / 1000};
      const struct timezone zone {};
      const std::uint64_t zone_at = registers.argument(1);
      const bool zoned = zone_at == 0 || write_memory(thread, zone_at, bytes_of(zone));
      const std::uint64_t at = registers.argument(0);
      return zoned && (at == 0 || write_memory(thread, at, bytes_of(value))) ? 0 : -EFAULT;
    }
    default: {  // time
      const std::uint64_t at = registers.argument(0);
      return at == 0 ? now.tv_sec : write_result(thread, at, bytes_of(now.tv_sec), now.tv_sec);
    }
  }
}

/// The held clock moves on by what a process sleeps, or its loops that wait for a time would never end. How
/// long it is until a time of a clock that is not held depends on when that was looked at: so in whole steps.
void sleep_on_clock(const timespec& wanted, bool until, clockid_t clock, HeldProcess& process) {
  std::int64_t pause = to_ns(wanted);
  if (until) {
    timespec now{};
    ::clock_gettime(clock, &now);
    pause = std::max<std::int64_t>(pause - to_ns(now), 0);
    pause = (pause + kSleepStep - 1) / kSleepStep * kSleepStep;
  }
  process.clock_ns += pause;
}

/// True if the call is answered: a time of the held clock is not waited for.
bool sleeps(pid_t thread, Registers& registers, HeldProcess& process) {
  const bool plain = registers.number() == SYS_nanosleep;
  const auto clock = plain ? CLOCK_MONOTONIC : static_cast<clockid_t>(registers.argument(0));
  const bool until = !plain && (registers.argument(1) & TIMER_ABSTIME) != 0;
  const auto wanted = read_value<timespec>(thread, registers.argument(plain ? 0 : 2));
  if (!wanted.has_value()) {
    return false;
  }
  if (until && (clock == CLOCK_REALTIME || clock == CLOCK_TAI)) {
    process.clock_ns = std::max(process.clock_ns, to_ns(*wanted));
    registers.set_result(0);
    return true;
  }
  sleep_on_clock(*wanted, until, clock, process);
  return false;
}

std::int64_t draw_random(pid_t thread, const Registers& registers, HeldProcess& process) {
  constexpr std::size_t kPart = (std::size_t{1} << 25) - 1;  // the kernel's own limit
  const std::size_t size = std::min<std::size_t>(registers.argument(1), kPart);
  const std::string bytes = random_bytes(process.random, size);
  return write_result(thread, registers.argument(0), bytes, static_cast<std::int64_t>(size));
}

/// As if there were that many processors, which all may be used.
std::int64_t tell_cpus(pid_t thread, const Registers& registers, unsigned cpus) {
  constexpr unsigned kBits = 64;
  std::vector<std::uint64_t> mask((cpus + kBits - 1) / kBits);
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    mask[cpu / kBits] |= std::uint64_t{1} << (cpu % kBits);
  }
  const std::size_t size = mask.size() * sizeof mask[0];
  if (registers.argument(1) < size) {
    return -EINVAL;
  }
  return write_result(thread, registers.argument(2), {reinterpret_cast<const char*>(mask.data()), size},
                      static_cast<std::int64_t>(size));
}

/// Goes through the words from `address` on until `visit` returns false. Stops where memory ends.
template <typename Visit>
void for_each_word(pid_t thread, std::uint64_t address, Visit visit) {
  std::array<std::uint64_t, 512> words{};
  for (;;) {
    const auto got = read_memory(thread, address, {reinterpret_cast<char*>(words.data()), sizeof words});
    const std::size_t count = got.value_or(0) / sizeof words[0];
    for (std::size_t i = 0; i < count; ++i, address += sizeof words[0]) {
      if (!visit(address, words[i])) {
        return;
      }
    }
    if (count == 0) {
      return;
    }
  }
}

/// Where the kernel put the auxiliary vector of a new program: behind the argument count, the arguments and
/// the environment, both of which end with a null pointer.
std::uint64_t auxiliary_vector(pid_t thread, std::uint64_t stack) {
  int ends = 0;
  std::uint64_t found = 0;
  for_each_word(thread, stack + sizeof(std::uint64_t), [&](std::uint64_t address, std::uint64_t word) {
    ends += word == 0 ? 1 : 0;
    found = ends == 2 ? address + sizeof word : 0;
    return ends < 2;
  });
  return found;
}

}  // namespace

HeldProcess HeldProcess::child(pid_t self) {
  HeldProcess out;
  out.parent = self;
  out.clock_ns = clock_ns;
  out.random = next_random(random);
  return out;
}

HeldProcess HoldCalls::first_process() const {
  HeldProcess out;
  out.clock_ns = hold_.clock_ns.value_or(0);
  out.random = hold_.random_seed.value_or(0);
  return out;
}

std::optional<HeldOpen> HoldCalls::call(pid_t thread, pid_t id, HeldProcess& process) const {
  std::optional<Registers> registers = Registers::read(thread);
  if (!registers.has_value()) {
    return std::nullopt;
  }
  bool answered = true;
  switch (registers->number()) {
    case SYS_getrandom:
      registers->set_result(draw_random(thread, *registers, process));
      break;
    case SYS_sched_getaffinity:
      registers->set_result(tell_cpus(thread, *registers, hold_.cpus));
      break;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
      answered = sleeps(thread, *registers, process);
      break;
    case SYS_getdents64:
#ifdef SYS_getdents
    case SYS_getdents:
#endif
      answered = list_held_folder(thread, id, hold_.folder_order, *registers, process.folders);
      break;
    case SYS_clock_gettime:
    case SYS_gettimeofday:
#ifdef SYS_time
    case SYS_time:
#endif
      registers->set_result(look_at_clock(thread, *registers, process));
      break;
    default:
      return open(thread, *registers, process);
  }
  if (answered) {
    registers->set_number(-1);
    registers->write(thread);
  }
  return std::nullopt;
}

std::optional<std::string> HoldCalls::content_of(std::string_view path, HeldProcess& process) const {
  if (hold_.random_seed.has_value()) {
    if (path == "/dev/urandom" || path == "/dev/random") {
      std::uint64_t own = next_random(process.random);
      return random_bytes(own, kDeviceBytes);
    }
    if (path == "/proc/sys/kernel/random/uuid") {
      return random_uuid(process.random);
    }
  }
  if (hold_.cpus != 0 &&
      (path == "/sys/devices/system/cpu/online" || path == "/sys/devices/system/cpu/possible")) {
    return hold_.cpus == 1 ? std::string("0\n") : fmt::format("0-{}\n", hold_.cpus - 1);
  }
  return std::nullopt;
}

std::optional<HeldOpen> HoldCalls::open(pid_t thread, Registers& registers, HeldProcess& process) const {
  unsigned path_index = 1;
#ifdef SYS_open
  path_index = registers.number() == SYS_open ? 0 : 1;
#endif
  const std::uint64_t path_at = registers.argument(path_index);
  std::uint64_t flags = registers.argument(path_index + 1);
#ifdef SYS_openat2
  if (registers.number() == SYS_openat2) {
    flags = read_value<std::uint64_t>(thread, flags + offsetof(open_how, flags)).value_or(0);
  }
#endif
  std::array<char, 48> text{};  // longer than any path of interest
  read_memory(thread, path_at, {text.data(), text.size() - 1});
  std::optional<std::string> content =
      (flags & O_ACCMODE) == O_WRONLY ? std::nullopt : content_of(text.data(), process);
  if (!content.has_value()) {
    return std::nullopt;
  }
  HeldOpen out{registers, std::move(*content)};
  registers.set_number(SYS_memfd_create);
  registers.set_argument(0, path_at);  // it becomes the name
  registers.set_argument(1, (flags & O_CLOEXEC) != 0 ? MFD_CLOEXEC : 0);
  registers.write(thread);
  return out;
}

void HoldCalls::opened(pid_t thread, const HeldOpen& open) {
  std::optional<Registers> now = Registers::read(thread);
  if (!now.has_value()) {
    return;
  }
  if (now->result() >= 0) {
    const std::string name = fmt::format("/proc/{}/fd/{}", thread, now->result());
    if (auto file = os::open_file(name, O_WRONLY); file.ok()) {
      [[maybe_unused]] const Status written = os::write_at(file->get(), as_bytes(open.content), 0, name);
    }
  }
  now->restore_arguments(open.before);
  now->write(thread);
}

void HoldCalls::executed(pid_t thread, HeldProcess& process) const {
  process.folders.clear();
  const std::optional<Registers> registers = Registers::read(thread);
  if (!registers.has_value() || (!hold_.clock_ns.has_value() && !hold_.random_seed.has_value())) {
    return;
  }
  std::uint64_t key = AT_NULL;
  const std::uint64_t vector = auxiliary_vector(thread, registers->stack());
  for_each_word(thread, vector, [&](std::uint64_t address, std::uint64_t word) {
    if ((address - vector) % (2 * sizeof word) == 0) {
      key = word;
      if (key == AT_SYSINFO_EHDR) {  // without it the C library makes system calls, which are seen
        constexpr std::uint64_t kIgnored = AT_IGNORE;
        write_memory(thread, address, bytes_of(kIgnored));
      }
      return key != AT_NULL;
    }
    if (key == AT_RANDOM && hold_.random_seed.has_value()) {
      constexpr std::size_t kSize = 16;
      write_memory(thread, word, random_bytes(process.random, kSize));
    }
    return true;
  });
}

}  // namespace cairn::runner
