// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ops/import_place.h"

namespace cairn::ops {

struct ImportUrlRequest {
  std::string url;   ///< as SourcePlace::find takes it; a relative path counts from `from`
  std::string out;   ///< project path
  std::string from;  ///< absolute
  InTheWay in_the_way = InTheWay::refused;
};

/// Tracks a file or folder of a server, bucket or folder here, with a pointer that says where it is from and
/// how that was. The project is locked for the last step only. Errors: `usage` for a URL with a password or
/// token in it; as check_import_path and SourcePlace.
Result<project::Pointer> import_url(project::Workspace& workspace, const ImportUrlRequest& request,
                                    const Context& context);

}  // namespace cairn::ops
