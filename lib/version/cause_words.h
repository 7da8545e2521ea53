// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "version/cause.h"

/// What is said of causes. Internal to version/.
namespace cairn::version {

/// "the clock held", "one processor": how runs were made, for "with …, 3 runs gave the same output".
std::string held_words(Factor factor);
/// What a factor that varies from run to run does to an output. `lines`: only the order of lines varies.
std::string varying_words(Factor factor, bool lines, bool seeded);
/// What a factor that is as it is on a machine does to an output.
std::string influence_words(Factor factor);
/// "locale C.UTF-8": a factor with its value.
std::string setting_words(Factor factor, const std::string& value);
/// "3 runs", "1 run".
std::string runs_words(unsigned runs);

}  // namespace cairn::version
