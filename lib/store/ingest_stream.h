// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/lane.h"
#include "store/writer.h"

namespace cairn::store {

/// Stores streams through the lanes, one worker a lane; see Writer::put_streams. Memory: 1.3 MiB a worker.
Status ingest_streams(std::vector<std::unique_ptr<Lane>>& lanes, std::span<StreamTask> tasks,
                      const Context& context);

}  // namespace cairn::store
