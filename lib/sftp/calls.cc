// SPDX-License-Identifier: Apache-2.0
#include "sftp/calls.h"

#include "base/escape.h"
#include "os/path.h"

namespace cairn::sftp {
namespace {

constexpr std::uint32_t kFileMode = 0444;  // nobody changes an object
constexpr std::string_view kStatVfs = "statvfs@openssh.com";

Error to_error(const StatusReply& status, std::string_view what, std::string_view path) {
  std::string message = std::string(what) + " " + quoted(path);
  switch (status.outcome) {
    case Outcome::no_such_file:
      return {Code::not_found, message + ": the server has no such file or folder"};
    case Outcome::permission_denied:
      return {Code::permission, message + ": the server denies permission"};
    default:
      return {Code::remote, message + ": the server says " + quoted(status.message)};
  }
}

}  // namespace

Result<std::optional<Reply>> wait_for(Answer answer, std::string_view what, std::string_view path) {
  Result<Reply> reply = answer.get();
  if (!reply.ok()) {
    return reply.error();
  }
  if (reply->type != Type::status) {
    return std::optional(std::move(*reply));
  }
  CAIRN_TRY_ASSIGN(const StatusReply status, decode_status(*reply));
  if (status.outcome == Outcome::eof) {
    return std::optional<Reply>();
  }
  return status.outcome == Outcome::ok ? Result(std::optional(std::move(*reply)))
                                       : to_error(status, what, path);
}

Status wait_for_ok(Answer answer, std::string_view what, std::string_view path) {
  CAIRN_TRY_ASSIGN(const auto reply, wait_for(std::move(answer), what, path));
  return reply && reply->type == Type::status ? Status()
                                              : Error(Code::remote, std::string(what) + " " + quoted(path) +
                                                                        ": the server's answer is senseless");
}

Result<Handle> wait_for_handle(Session& session, Answer answer, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto reply, wait_for(std::move(answer), "cannot open", path));
  CAIRN_TRY_ASSIGN(std::string id, decode_handle(reply.value_or(Reply())));
  return Handle(session, std::move(id));
}

Result<Handle> open_file(Session& session, const std::string& path, OpenMode mode) {
  const auto permissions = mode == OpenMode::read ? std::nullopt : std::optional(kFileMode);
  return wait_for_handle(
      session,
      session.send(
          Request(Type::open).text(path).u32(static_cast<std::uint32_t>(mode)).attributes(permissions)),
      path);
}

Result<std::optional<Attributes>> find_attributes(Session& session, const std::string& path) {
  auto reply = wait_for(session.send(Request(Type::stat).text(path)), "cannot look at", path);
  if (!reply.ok()) {
    return reply.error().code() == Code::not_found ? Result(std::optional<Attributes>())
                                                   : std::move(reply.error());
  }
  CAIRN_TRY_ASSIGN(Attributes attributes, decode_attributes(reply->value_or(Reply())));
  return std::optional(attributes);
}

Status make_folder(Session& session, const std::string& path) {
  return wait_for_ok(session.send(Request(Type::mkdir).text(path).attributes({})), "cannot make the folder",
                     path);
}

Status make_folders(Session& session, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto there, find_attributes(session, path));
  if (there) {
    return there->is_folder() ? Status() : Error(Code::remote, quoted(path) + " is there, but is no folder");
  }
  if (const std::string_view parent = os::parent_of(path); !parent.empty()) {
    CAIRN_TRY(make_folders(session, std::string(parent)));
  }
  Status made = make_folder(session, path);
  if (made.ok()) {
    return made;
  }
  const auto now = find_attributes(session, path);  // another one may have been faster
  return now.ok() && *now ? Status() : std::move(made);
}

Status remove_file(Session& session, const std::string& path) {
  Status removed = wait_for_ok(session.send(Request(Type::remove).text(path)), "cannot remove", path);
  return removed.ok() || removed.error().code() != Code::not_found ? std::move(removed) : Status();
}

Answer send_sync(Session& session, const Handle& handle) {
  return session.send(Request(kFsync).text(handle.id()));
}

Answer send_replace(Session& session, const std::string& from, const std::string& to) {
  return session.send(Request(kPosixRename).text(from).text(to));
}

std::optional<FreeSpace> find_free_space(Session& session, const std::string& path) {
  if (!session.offers(std::string(kStatVfs))) {
    return std::nullopt;
  }
  const auto reply = wait_for(session.send(Request(kStatVfs).text(path)), "cannot look at", path);
  if (!reply.ok() || !*reply) {
    return std::nullopt;
  }
  auto space = decode_free_space(**reply);
  return space.ok() ? std::optional(*space) : std::nullopt;
}

}  // namespace cairn::sftp
