// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "transport/place.h"
#include "transport/transport.h"

namespace cairn::remote {

/// The backend for a remote's URL: a folder as a path (relative to the base, absolute) or as `file:///PATH`,
/// a bucket as `s3://BUCKET/PREFIX`, a WebDAV server as `webdav(s)://HOST/PATH`, a web server to read from as
/// `http(s)://HOST/PATH`, a folder of a server as `ssh://HOST/PATH`, what rclone reaches as
/// `rclone:REMOTE:PATH`, what a plug-in keeps as `exec:PROGRAM`. Nothing is opened yet. `unsupported` names
/// another scheme; `usage` for a URL that names no place.
Result<std::unique_ptr<transport::Transport>> open_transport(const transport::Place& place);

}  // namespace cairn::remote
