// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cairn::rclone {

/// Where an `rclone:` URL points.
struct Address {
  std::string place;  ///< as rclone's command line has it: "NAME:PATH", ":BACKEND,KEY=VALUE:PATH"
  std::string shown;  ///< the same without options, which may be secrets

  /// "rclone remote 'NAME:PATH'".
  [[nodiscard]] std::string describe() const;
};

/// Reads `rclone:REMOTE:PATH`, where REMOTE is as rclone's own command line has it: a name in rclone.conf or
/// `:BACKEND`, and options `,KEY=VALUE`. Errors: `usage` for what names no remote; no part of it is repeated
/// that can hold a secret.
Result<Address> parse_address(std::string_view url);

}  // namespace cairn::rclone
