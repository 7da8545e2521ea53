// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/human_size.h"
#include "command.h"

namespace cairn::cmd {

/// "1 file", "2 files".
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural = {});
/// "0.4 s", "12 s", "3 min 05 s".
std::string human_time(double seconds);
/// Columns padded to their widest cell, two spaces apart; each row ends with a newline.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// `text` with `indent` in front of every line.
std::string indented(std::string_view text, std::string_view indent);

/// A path in JSON: as it is when it is UTF-8, else escaped as on a terminal (and then "path_hex" holds its
/// bytes).
void put_path(Json& object, const std::string& key, std::string_view path);
/// {"code":…,"message":…,"hint":…}
Json to_json(const Error& error);

/// `text` in an ANSI colour when `on`.
enum class Color { red, green, yellow, cyan, bold };
std::string painted(std::string_view text, Color color, bool on);

}  // namespace cairn::cmd
