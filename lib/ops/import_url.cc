// SPDX-License-Identifier: Apache-2.0
#include "ops/import_url.h"

#include "ops/source_place.h"
#include "ops/source_url.h"

namespace cairn::ops {

Result<project::Pointer> import_url(project::Workspace& workspace, const ImportUrlRequest& request,
                                    const Context& context) {
  CAIRN_TRY(check_no_secret(request.url));
  CAIRN_TRY(check_import_path(workspace, request.out, request.in_the_way));
  const std::string url = placed_url(request.url, request.from, workspace.paths().root);
  CAIRN_TRY_ASSIGN(SourcePlace place, SourcePlace::find(workspace, url, context));
  CAIRN_TRY_ASSIGN(const project::Pointer pointer, place.bring(workspace, Keep::yes, context));
  CAIRN_TRY_ASSIGN(const os::FileLock lock, workspace.lock());
  CAIRN_TRY(check_import_path(workspace, request.out, request.in_the_way));
  CAIRN_TRY(place_import(workspace, request.out, pointer, request.in_the_way, context));
  return pointer;
}

}  // namespace cairn::ops
