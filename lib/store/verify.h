// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "store/store.h"

namespace cairn::store {

/// Something wrong with a store, in words, with the file it is in.
struct Damage {
  std::string path;
  std::string message;
};

struct VerifyReport {
  std::uint64_t packs = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes_read = 0;
  std::vector<Damage> damage;
};

enum class VerifyDepth { tables, data };

/// Checks all packs and the index: tables and places, and with VerifyDepth::data every block (checksum,
/// decoding, each entry's id; recipes for canonical form). Damage is reported, never an error.
Result<VerifyReport> verify_store(Store& store, VerifyDepth depth, const Context& context);

/// Writes the index anew from the packs' tables and removes the old segments. Damaged packs are left out and
/// reported.
Result<VerifyReport> rebuild_index(Store& store, const Context& context);

}  // namespace cairn::store
