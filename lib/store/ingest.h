// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/lane.h"
#include "store/writer.h"

namespace cairn::store {

/// Stores files through the lanes, one worker a lane; see Writer::put_files.
Status ingest_files(std::vector<std::unique_ptr<Lane>>& lanes, const os::Root& root,
                    std::span<FileTask> tasks, const Context& context);

}  // namespace cairn::store
