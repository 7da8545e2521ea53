// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "pipeline/value_reader.h"

/// Names of variables of the environment.
namespace cairn::pipeline {

/// A letter or underscore, then letters, digits, underscores.
bool is_variable_name(std::string_view name);

/// True for a name that promises a secret: in any case, it contains SECRET, PASSWORD, PASSWD or CREDENTIAL,
/// is or ends in KEY, or has a part between underscores that ends in TOKEN or TOKENS (TOKENIZERS_PARALLELISM
/// is none). Values of variables are recorded and shared, so that such names are refused.
bool is_secret_name(std::string_view name);

/// False, with a problem noted, unless the name is good and promises no secret.
bool check_variable(std::string_view name, const text::Position& at, ValueReader& reader);

/// Why check_variable() refuses the name; "" for a good one.
std::string variable_problem(std::string_view name);

}  // namespace cairn::pipeline
