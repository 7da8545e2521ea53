// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>

#include <cstddef>
#include <cstdint>

/// What the filters of traces and holds are made of. Internal to runner/.
namespace cairn::runner {

/// 0 where this build knows no system call numbers.
#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

sock_filter load(std::size_t offset);
sock_filter if_equal(std::uint32_t value, std::size_t then_skip, std::size_t else_skip);
sock_filter answer(std::uint32_t value);

/// Puts the filter on the calling process, for ever, without its privileges to gain privileges where it has
/// to be so: what seccomp(2) returns, or minus an errno. Async-signal-safe.
int install_filter(const sock_fprog& filter, unsigned long flags);

}  // namespace cairn::runner
