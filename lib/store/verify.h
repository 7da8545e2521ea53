// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "store/heal.h"
#include "store/store.h"

namespace cairn::store {

/// Checks that an entry's decoded bytes are what its key says: the id of data, trees and nodes; of recipes
/// and nodes the form. `corrupt` else.
Status check_content(const Key& key, Bytes bytes);

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
