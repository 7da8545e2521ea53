// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// SFTP version 3 (draft-ietf-secsh-filexfer-02), the version that OpenSSH speaks.
namespace cairn::sftp {

/// No packet is longer: the limit of OpenSSH (SFTP_MAX_MSG_LENGTH).
inline constexpr std::uint32_t kMaxPacket = 256u << 10;

enum class Type : std::uint8_t {
  init = 1,
  version = 2,
  open = 3,
  close = 4,
  read = 5,
  write = 6,
  fstat = 8,
  opendir = 11,
  readdir = 12,
  remove = 13,
  mkdir = 14,
  stat = 17,
  rename = 18,
  status = 101,
  handle = 102,
  data = 103,
  name = 104,
  attrs = 105,
  extended = 200,
  extended_reply = 201,
};

/// What a status packet says.
enum class Outcome : std::uint32_t {
  ok = 0,
  eof = 1,
  no_such_file = 2,
  permission_denied = 3,
  failure = 4,
  op_unsupported = 8,
};

/// Flags of an open packet.
enum class OpenMode : std::uint32_t {
  read = 0x01,
  create_new = 0x02 | 0x08 | 0x20,  ///< to write; fails when there is one
};

/// A packet that is being written: type, and fields in their order. Integers are big-endian, a text is its
/// length and its bytes.
class Request {
 public:
  explicit Request(Type type) : type_(type) {}
  /// An extension of the protocol: "fsync@openssh.com".
  explicit Request(std::string_view extension) : Request(Type::extended) { text(extension); }

  Request& u32(std::uint32_t value);
  Request& u64(std::uint64_t value);
  Request& text(std::string_view value);
  /// Attributes with permission bits only, or none.
  Request& attributes(std::optional<std::uint32_t> permissions);

  /// All but the last `tail` bytes of the packet; without an id for the greeting (init).
  [[nodiscard]] Buffer encode(std::optional<std::uint32_t> id, std::size_t tail) const;

 private:
  Type type_;
  Buffer fields_;
};

/// A packet that came: its type, and what follows the id.
struct Reply {
  Type type = Type::status;
  Buffer body;
};

struct Attributes {
  std::optional<std::uint64_t> size;
  std::optional<std::uint32_t> permissions;  ///< st_mode
  std::optional<std::uint32_t> mtime;        ///< seconds since 1970

  [[nodiscard]] bool is_folder() const { return (permissions.value_or(0) & 0170000) == 0040000; }
  [[nodiscard]] bool is_file() const { return (permissions.value_or(0) & 0170000) == 0100000; }
};

struct StatusReply {
  Outcome outcome = Outcome::failure;
  std::string message;  ///< as the server sent it: not safe to show
};

struct NameEntry {
  std::string name;  ///< as the server sent it
  Attributes attributes;
};

/// What a server may have beyond version 3, and its limits ("limits@openssh.com").
struct Greeting {
  std::uint32_t version = 0;
  std::map<std::string, std::string> extensions;
};
struct Limits {
  std::uint64_t packet = 0;
  std::uint64_t read = 0;
  std::uint64_t write = 0;
};
/// Of a file system ("statvfs@openssh.com").
struct FreeSpace {
  std::uint64_t bytes = 0;  ///< that we may still write
  std::uint64_t files = 0;
};

// Decoders of bodies that a hostile server may have written. Error `corrupt` for one that is cut short or of
// another type; no field is longer than the body, so memory is bounded by kMaxPacket.

Result<Greeting> decode_greeting(const Reply& reply);
Result<StatusReply> decode_status(const Reply& reply);
Result<std::string> decode_handle(const Reply& reply);
/// The bytes lie in `reply`.
Result<Bytes> decode_data(const Reply& reply);
Result<std::vector<NameEntry>> decode_names(const Reply& reply);
Result<Attributes> decode_attributes(const Reply& reply);
Result<Limits> decode_limits(const Reply& reply);
Result<FreeSpace> decode_free_space(const Reply& reply);

}  // namespace cairn::sftp
