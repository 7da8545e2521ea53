// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sftp/session.h"

namespace cairn::sftp {

// Requests that have one answer each. Paths are as the server has them. Errors: `not_found` and `permission`
// as the server says so; `remote` for all else, also for a broken connection. Messages do not name the
// remote.

/// An answer that is not a failure; nothing at the end of a file or folder. `what` is a verb phrase: "cannot
/// read".
Result<std::optional<Reply>> wait_for(Answer answer, std::string_view what, std::string_view path);
/// The same for a status that is to be "ok".
Status wait_for_ok(Answer answer, std::string_view what, std::string_view path);

/// An open file or folder; closed, without waiting, at the end of the scope.
class Handle {
 public:
  Handle(Session& session, std::string id) : session_(&session), id_(std::move(id)) {}
  Handle(Handle&& other) noexcept
      : session_(std::exchange(other.session_, nullptr)), id_(std::move(other.id_)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (session_ != nullptr) {
      (void)send_close();
    }
  }
  [[nodiscard]] const std::string& id() const { return id_; }
  /// Closes it now; the answer tells whether all that was written has arrived.
  Answer send_close() { return std::exchange(session_, nullptr)->send(Request(Type::close).text(id_)); }

 private:
  Session* session_;
  std::string id_;
};

Result<Handle> open_file(Session& session, const std::string& path, OpenMode mode);
/// Takes the answer to an open or opendir request.
Result<Handle> wait_for_handle(Session& session, Answer answer, const std::string& path);

/// Size, kind and time; follows symlinks. Nothing when there is no such file.
Result<std::optional<Attributes>> find_attributes(Session& session, const std::string& path);
Status make_folder(Session& session, const std::string& path);
/// Makes a folder and its missing parents; one that is there is fine.
Status make_folders(Session& session, const std::string& path);
/// Removes a file; a missing one is fine.
Status remove_file(Session& session, const std::string& path);

/// Asks the server to make durable what was written to a file, or the names in a folder that is open as a
/// file. REQUIRES: it offers kFsync.
Answer send_sync(Session& session, const Handle& handle);
inline constexpr std::string_view kFsync = "fsync@openssh.com";
/// Renames over what has the name already. REQUIRES: the server offers kPosixRename.
Answer send_replace(Session& session, const std::string& from, const std::string& to);
inline constexpr std::string_view kPosixRename = "posix-rename@openssh.com";

/// What is free on the file system of `path`; nothing where the server does not tell.
std::optional<FreeSpace> find_free_space(Session& session, const std::string& path);

}  // namespace cairn::sftp
