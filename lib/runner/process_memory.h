// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// The memory of another process. Internal to runner/.
namespace cairn::runner {

/// Up to out.size() bytes at `address` in the memory of `thread`; the number of bytes read, 0 where there is
/// nothing, or nothing where the kernel lets nobody look.
std::optional<std::size_t> read_memory(pid_t thread, std::uint64_t address, std::span<char> out);

/// Writes all of `bytes` there; false if it cannot.
bool write_memory(pid_t thread, std::uint64_t address, std::span<const char> bytes);

}  // namespace cairn::runner
