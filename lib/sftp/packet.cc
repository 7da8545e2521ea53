// SPDX-License-Identifier: Apache-2.0
#include "sftp/packet.h"

namespace cairn::sftp {
namespace {

constexpr std::size_t kMaxHandle = 256;  // by the protocol

// Which attributes follow.
constexpr std::uint32_t kHasSize = 0x1;
constexpr std::uint32_t kHasOwner = 0x2;
constexpr std::uint32_t kHasPermissions = 0x4;
constexpr std::uint32_t kHasTimes = 0x8;
constexpr std::uint32_t kHasExtended = 0x80000000;

template <class T>
T big_endian(T value) {
  if constexpr (sizeof(T) == 8) {
    return __builtin_bswap64(value);
  } else {
    return __builtin_bswap32(value);
  }
}

Error malformed(std::string_view what) {
  return {Code::corrupt, "the server sent a " + std::string(what) + " that is not as SFTP has it"};
}

/// Fields of a body, one after the other.
class Fields {
 public:
  explicit Fields(Bytes body) : reader_(body) {}

  std::uint32_t u32() { return big_endian(reader_.le<std::uint32_t>()); }
  std::uint64_t u64() { return big_endian(reader_.le<std::uint64_t>()); }
  Bytes bytes() { return reader_.take(u32()); }
  std::string text() { return std::string(as_text(bytes())); }

  Attributes attributes() {
    Attributes out;
    const std::uint32_t flags = u32();
    if ((flags & kHasSize) != 0) {
      out.size = u64();
    }
    if ((flags & kHasOwner) != 0) {
      u64();
    }
    if ((flags & kHasPermissions) != 0) {
      out.permissions = u32();
    }
    if ((flags & kHasTimes) != 0) {
      u32();
      out.mtime = u32();
    }
    if ((flags & kHasExtended) != 0) {
      for (std::uint32_t left = u32(); left > 0 && ok(); --left) {
        bytes();
        bytes();
      }
    }
    return out;
  }

  [[nodiscard]] bool ok() const { return reader_.ok(); }
  [[nodiscard]] bool at_end() const { return reader_.at_end(); }

 private:
  ByteReader reader_;
};

}  // namespace

Request& Request::u32(std::uint32_t value) {
  append_le(fields_, big_endian(value));
  return *this;
}

Request& Request::u64(std::uint64_t value) {
  append_le(fields_, big_endian(value));
  return *this;
}

Request& Request::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  append(fields_, as_bytes(value));
  return *this;
}

Request& Request::attributes(std::optional<std::uint32_t> permissions) {
  return permissions ? u32(kHasPermissions).u32(*permissions) : u32(0);
}

Buffer Request::encode(std::optional<std::uint32_t> id, std::size_t tail) const {
  Buffer out;
  out.reserve(9 + fields_.size());
  const std::size_t length = 1 + (id ? 4 : 0) + fields_.size() + tail;
  append_le(out, big_endian(static_cast<std::uint32_t>(length)));
  out.push_back(static_cast<std::uint8_t>(type_));
  if (id) {
    append_le(out, big_endian(*id));
  }
  append(out, fields_);
  return out;
}

Result<Greeting> decode_greeting(const Reply& reply) {
  Fields fields(reply.body);
  Greeting out;
  out.version = fields.u32();
  while (fields.ok() && !fields.at_end()) {
    std::string name = fields.text();
    out.extensions[name] = fields.text();
  }
  return reply.type == Type::version && fields.ok() ? Result(std::move(out)) : malformed("greeting");
}

Result<StatusReply> decode_status(const Reply& reply) {
  Fields fields(reply.body);
  StatusReply out;
  out.outcome = static_cast<Outcome>(fields.u32());
  if (reply.type != Type::status || !fields.ok()) {
    return malformed("status");
  }
  out.message = fields.text();  // old servers leave it out
  return out;
}

Result<std::string> decode_handle(const Reply& reply) {
  Fields fields(reply.body);
  std::string out = fields.text();
  return reply.type == Type::handle && fields.ok() && out.size() <= kMaxHandle ? Result(std::move(out))
                                                                               : malformed("handle");
}

Result<Bytes> decode_data(const Reply& reply) {
  Fields fields(reply.body);
  Bytes out = fields.bytes();
  return reply.type == Type::data && fields.ok() ? Result(out) : malformed("part of a file");
}

Result<std::vector<NameEntry>> decode_names(const Reply& reply) {
  Fields fields(reply.body);
  std::vector<NameEntry> out;
  for (std::uint32_t left = fields.u32(); left > 0 && fields.ok(); --left) {
    NameEntry& entry = out.emplace_back();
    entry.name = fields.text();
    fields.bytes();  // the line that `ls -l` would print
    entry.attributes = fields.attributes();
  }
  return reply.type == Type::name && fields.ok() ? Result(std::move(out)) : malformed("list of names");
}

Result<Attributes> decode_attributes(const Reply& reply) {
  Fields fields(reply.body);
  Attributes out = fields.attributes();
  return reply.type == Type::attrs && fields.ok() ? Result(out) : malformed("list of attributes");
}

Result<Limits> decode_limits(const Reply& reply) {
  Fields fields(reply.body);
  Limits out;
  out.packet = fields.u64();
  out.read = fields.u64();
  out.write = fields.u64();
  return reply.type == Type::extended_reply && fields.ok() ? Result(out) : malformed("list of limits");
}

Result<FreeSpace> decode_free_space(const Reply& reply) {
  // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, …
  Fields fields(reply.body);
  fields.u64();
  const std::uint64_t block = fields.u64();
  fields.u64();
  fields.u64();
  FreeSpace out;
  if (__builtin_mul_overflow(fields.u64(), block, &out.bytes)) {
    out.bytes = ~std::uint64_t{0};
  }
  fields.u64();
  fields.u64();
  out.files = fields.u64();
  return reply.type == Type::extended_reply && fields.ok() ? Result(out) : malformed("size of a file system");
}

}  // namespace cairn::sftp
