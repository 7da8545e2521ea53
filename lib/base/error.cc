// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <cerrno>
#include <cstring>

#include "base/escape.h"

namespace cairn {
namespace {

Code code_of(int err) {
  switch (err) {
    case ENOENT:
    case ENOTDIR:
      return Code::not_found;
    case EEXIST:
    case ENOTEMPTY:
      return Code::exists;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::permission;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Code::no_space;
    default:
      return Code::io;
  }
}

}  // namespace

Error Error::from_errno(int err, std::string_view what, std::string_view path) {
  std::string message(what);
  message += " " + quoted(path) + ": " + std::strerror(err);
  Code code = code_of(err);
  std::string hint = code == Code::no_space ? "free some space, then run the command again" : "";
  return {code, std::move(message), std::move(hint)};
}

Error Error::with_context(std::string_view context) const {
  return {code_, std::string(context) + ": " + message_, hint_};
}

Error Error::with_hint(std::string hint) const {
  return {code_, message_, std::move(hint)};
}

}  // namespace cairn
