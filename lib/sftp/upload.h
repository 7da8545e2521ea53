// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sftp/session.h"
#include "transport/transport.h"

namespace cairn::sftp {

/// Where objects are while they are written; a name in the remote's folder.
inline constexpr std::string_view kTemporary = "tmp";

/// What happens to an object that has the name already.
enum class Taken : std::uint8_t { keep, replace };

/// Stores an object below `folder`, which is there: written to kTemporary, synced, renamed, and the folder of
/// its name synced, as far as the server can. `exists` when the name is taken and kept; the bytes are then
/// not stored. Nothing is left behind unless the connection breaks.
Status upload(Session& session, const std::string& folder, const std::string& name, transport::Source& source,
              Taken taken);

/// Removes what killed writers left in kTemporary a day ago or longer, by the server's clock. What cannot be
/// removed stays.
void clear_leftovers(Session& session, const std::string& folder);

}  // namespace cairn::sftp
