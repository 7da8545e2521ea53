// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/context.h"
#include "store/store.h"

namespace cairn::store {

/// Packs below this many bytes are small; more than kManySmallPacks of them are merged into few large ones.
inline constexpr std::uint64_t kSmallPack = 16u << 20;
inline constexpr std::size_t kManySmallPacks = 16;

/// Merges small packs when there are many of them, so that a store that grows by small adds stays a few
/// files. Blocks are copied as they are, each checked against its pack's table; a damaged pack is left alone.
/// Order: the merged pack is durable and in the index before the old ones go, so it can be killed anywhere;
/// readers that had an old pack open keep it, others look the entry up again. Two at once do the same work
/// twice and no harm. REQUIRES: the caller holds store.lock_for_writing().
Status merge_small_packs(Store& store, const Context& context);

}  // namespace cairn::store
