// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/stage.h"
#include "pipeline/value_reader.h"

/// Readers of the keys that say how a stage's command is run. Internal to this module.
namespace cairn::pipeline {

/// {NAME: string, number or boolean}
void read_env(const text::Value& value, Stage& stage, ValueReader& reader);
/// [NAME]
void read_track_env(const text::Value& value, Stage& stage, ValueReader& reader);
/// N, or {value: N, env: [NAME]}
void read_seed(const text::Value& value, Stage& stage, ValueReader& reader);
/// true, false, or a list of names of what can be pinned: these variables and the values that they get.
std::map<std::string, std::string> read_pin_env(const text::Value& value, ValueReader& reader);
/// A time above zero.
void read_timeout(const text::Value& value, Stage& stage, ValueReader& reader);
/// N, or {count: N, delay: TIME}
void read_retries(const text::Value& value, Stage& stage, ValueReader& reader);
/// {cpus, mem, gpus, NAME: N}
void read_resources(const text::Value& value, Stage& stage, ValueReader& reader);
/// What only the keys together show: a variable that is set twice.
void check_run_keys(const Stage& stage, ValueReader& reader);

}  // namespace cairn::pipeline
