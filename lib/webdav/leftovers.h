// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webdav/site.h"

namespace cairn::webdav {

/// Removes what killed pushes left in the site's temporary folder more than a day ago, by the server's clock.
/// What cannot be told or removed stays. Cost: one request, and one for each that goes.
void clear_leftovers(Site& site, const std::string& folder);

}  // namespace cairn::webdav
