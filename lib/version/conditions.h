// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "text/value.h"

namespace cairn::version {

/// What a command's result may depend on without any stage declaring it: as it was when the command ran.
/// Public, but for `folder`.
struct Conditions {
  std::string locale;     ///< LC_ALL, else LC_CTYPE, else LANG; "C" where none is set
  std::string time_zone;  ///< TZ, else what /etc/localtime names ("Europe/Berlin"); "UTC" where unknown
  unsigned cpus = 0;      ///< processors that the command may use; 0: unknown
  /// Variables that number threads (OMP_NUM_THREADS, …) or seed hashes (PYTHONHASHSEED), where they are set.
  std::map<std::string, std::string> variables;
  std::string folder;  ///< absolute path of the project: private; "" where unknown
  bool operator==(const Conditions&) const = default;
};

/// As they are for a command with these variables of its own on top of ours.
Conditions current_conditions(const std::map<std::string, std::string>& own, const std::string& folder);

/// A map with a key for each that is known, without `folder`; and back. Keys that are not known are passed
/// over.
text::Value to_value(const Conditions& conditions);
Conditions conditions_from(const text::Value& value);

}  // namespace cairn::version
