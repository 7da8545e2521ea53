// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::transport {

/// What a backend is opened from: an address and the settings that the user gave it.
struct Place {
  std::string name;  ///< of the remote, for the commands that messages propose
  std::string url;
  std::map<std::string, std::string, std::less<>> settings;  ///< `remote.NAME.KEY` by KEY, without `url`
  std::string base;                                          ///< folder that relative paths count from
  /// Ends transfers soon once it is set; it outlives the backend. Null: nothing does.
  const std::atomic<bool>* stop = nullptr;

  /// A setting, or nothing.
  [[nodiscard]] std::optional<std::string> find(std::string_view key) const {
    const auto found = settings.find(key);
    return found == settings.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace cairn::transport
