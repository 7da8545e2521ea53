// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// Quantities as people write them. Nothing for any other text, and for what is too large.
namespace cairn::pipeline {

/// "90" and "1.5" are seconds; "1h30m", "500ms", "2d": numbers with d, h, m, s, ms. At most ten years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Bytes: "1024", "4GiB", "500 MB", "1.5GiB". Units B, kB, MB, GB, TB (of 1000), KiB, MiB, GiB, TiB (of
/// 1024). At most 2^60.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Thousandths: "0.5" is 500. At most three decimals, at most a million whole ones.
std::optional<std::uint64_t> parse_thousandths(std::string_view text);

}  // namespace cairn::pipeline
