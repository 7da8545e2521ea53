// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace cairn::rclone {

/// What `rclone rcd` answers, as JSON. Errors: `remote` for what is not as rclone's documents have it.

/// Whether rclone says that there is no such object or folder.
bool is_missing(const http::Response& response);
/// Its words about what went wrong, safe to show; "" when it has none.
std::string words_of(const http::Response& response);
/// Size, and time where it is told, in an answer to operations/stat; nothing when there is no such file.
Result<std::optional<transport::ObjectState>> parse_stat(const std::string& body);
/// Files in an answer to operations/list, with their paths below the place.
Result<std::vector<transport::ObjectInfo>> parse_list(const std::string& body);
/// Whether an answer to operations/fsinfo says that files can be renamed.
Result<bool> parse_can_move(const std::string& body);

}  // namespace cairn::rclone
