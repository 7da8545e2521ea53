// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "pipeline/lock.h"
#include "store/key.h"

namespace cairn::pipeline {

/// The bytes that stage_key hashes (docs/format/cairn-lock.md): tagged, length-prefixed fields, so that
/// different blocks never give the same bytes. States of outs are not in it. Paths are relative to `folder`,
/// that of the stage's cairn.yaml, so that a moved folder keeps its keys.
Buffer stage_key_bytes(const StageLock& block, std::string_view folder);

/// The name of a result in the run cache: BLAKE3 of stage_key_bytes in domain stage_key.
store::Id stage_key(const StageLock& block, std::string_view folder);

}  // namespace cairn::pipeline
