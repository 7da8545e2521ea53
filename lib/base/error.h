// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cairn {

/// What a caller can do next about a failure. Never stored on disk. The command line maps each code to one
/// exit status (docs/reference/exit-status.md).
enum class Code {
  usage,          ///< the request itself is wrong
  not_found,      ///< a named thing does not exist
  exists,         ///< the target is already there
  conflict,       ///< doing it would lose or overwrite something
  permission,     ///< the system refused access
  no_space,       ///< disk, inode or quota limit reached
  io,             ///< any other system call failure
  malformed,      ///< a file written by people cannot be read
  corrupt,        ///< stored bytes do not match their hash or format
  unsupported,    ///< a newer format, or something this build cannot do
  locked,         ///< somebody else holds the lock
  no_repository,  ///< not inside a cairn project
  remote,         ///< a remote could not be reached or is damaged
  stage_failed,   ///< a stage's command failed
  partial,        ///< some items failed, the others are done
  interrupted,    ///< the user asked to stop
};

/// A failure: a code for programs, a message that names the file, and the next command to type.
/// Messages are lower case without a full stop; the subject is quoted with single quotes.
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  /// From errno: "cannot open 'data.csv': No such file or directory". `what` is the verb phrase, `path` is
  /// escaped and quoted. ENOENT, EEXIST, EACCES/EPERM/EROFS and ENOSPC/EDQUOT get their own codes.
  static Error from_errno(int err, std::string_view what, std::string_view path);

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }

  /// The same error with "context: " in front of its message.
  [[nodiscard]] Error with_context(std::string_view context) const;
  /// The same error with this next step in place of its own.
  [[nodiscard]] Error with_hint(std::string hint) const;

 private:
  Code code_;
  std::string message_;
  std::string hint_;
};

}  // namespace cairn
