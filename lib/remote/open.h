// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "transport/transport.h"

namespace cairn::remote {

/// The backend for a remote's URL: a folder as a path (relative to `base`, absolute) or as `file:///PATH`.
/// Nothing is opened yet. `unsupported` names another scheme; `usage` for a URL that names no place.
Result<std::unique_ptr<transport::Transport>> open_transport(std::string_view url, std::string_view base);

}  // namespace cairn::remote
