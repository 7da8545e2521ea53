// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "project/add_record.h"

/// Internal to add*.cc.
namespace cairn::project {

struct ReadOptions {
  bool force = false;               ///< also files that the stat cache knows
  store::Writer* writer = nullptr;  ///< where content and folder objects go; null: they are only hashed
};

/// Scans all items and reads what is not known, of all items in one go; fills their scans and summaries. An
/// item with anything in it that cannot be recorded fails as a whole.
Status read_items(Workspace& workspace, std::vector<RecordItem>& items, const ReadOptions& options,
                  const Context& context);

}  // namespace cairn::project
