// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "s3/client.h"

namespace cairn::s3 {

/// Appends all objects below `prefix` (of keys), as ListObjectsV2 gives them, page by page; names are without
/// the remote's own prefix. Keys that are no names of objects are left out. Errors: `remote` when the service
/// refuses, or when a page is not sound (then nothing is known of what is there).
Status list_objects(Client& client, const std::string& prefix, std::vector<transport::ObjectInfo>& out);

/// One page of it, of at most 1,000 objects, and the token of the next; "" when this was the last one.
Result<std::string> list_page(Client& client, const std::string& prefix, const std::string& token,
                              std::vector<transport::ObjectInfo>& out);

}  // namespace cairn::s3
