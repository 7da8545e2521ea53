// SPDX-License-Identifier: Apache-2.0
#include "sftp/packet.h"

#include "support/matchers.h"

namespace cairn::sftp {
namespace {

using cairn::test::FailsWith;

Buffer bytes(std::initializer_list<int> values) {
  Buffer out;
  for (int value : values) {
    out.push_back(static_cast<std::uint8_t>(value));
  }
  return out;
}

/// The body of a packet, without type and id.
Buffer body_of(const Request& fields) {
  Buffer packet = fields.encode(0, 0);
  return {packet.begin() + 9, packet.end()};
}

Request fields() {
  return Request(Type::name);
}

TEST(SftpPacket, IsWrittenAsTheProtocolSays) {
  EXPECT_EQ(Request(Type::init).u32(3).encode(std::nullopt, 0), bytes({0, 0, 0, 5, 1, 0, 0, 0, 3}));
  EXPECT_EQ(Request(Type::write).text("h").u64(0x0102030405060708).u32(2).encode(7, 2),
            bytes({0, 0, 0, 24, 6, 0, 0, 0, 7, 0, 0, 0, 1, 'h', 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 2}));
  EXPECT_EQ(Request(Type::mkdir).text("").attributes(0444).encode(1, 0),
            bytes({0, 0, 0, 17, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1, 0x24}));
  EXPECT_EQ(Request("x@y").encode(1, 0), bytes({0, 0, 0, 12, 200, 0, 0, 0, 1, 0, 0, 0, 3, 'x', '@', 'y'}));
}

TEST(SftpPacket, ReadsAGreeting) {
  Reply reply{Type::version, body_of(fields().u32(3).text("fsync@openssh.com").text("1"))};
  ASSERT_OK_AND_ASSIGN(const Greeting greeting, decode_greeting(reply));
  EXPECT_EQ(greeting.version, 3U);
  EXPECT_EQ(greeting.extensions.at("fsync@openssh.com"), "1");
}

TEST(SftpPacket, ReadsAStatusWithAndWithoutText) {
  ASSERT_OK_AND_ASSIGN(StatusReply status,
                       decode_status({Type::status, body_of(fields().u32(4).text("Failure").text("en"))}));
  EXPECT_EQ(status.outcome, Outcome::failure);
  EXPECT_EQ(status.message, "Failure");
  ASSERT_OK_AND_ASSIGN(status, decode_status({Type::status, body_of(fields().u32(2))}));
  EXPECT_EQ(status.outcome, Outcome::no_such_file);
  EXPECT_EQ(status.message, "");
}

Reply names() {
  return {Type::name, body_of(fields()
                                  .u32(2)
                                  .text("file")
                                  .text("-rw-r--r-- file")
                                  .u32(0x8000000f)
                                  .u64(5)
                                  .u32(1)
                                  .u32(2)
                                  .u32(0100644)
                                  .u32(10)
                                  .u32(20)
                                  .u32(1)
                                  .text("more")
                                  .text("of it")
                                  .text("folder")
                                  .text("")
                                  .u32(4)
                                  .u32(0040755))};
}

TEST(SftpPacket, ReadsNamesWithAttributes) {
  ASSERT_OK_AND_ASSIGN(const auto entries, decode_names(names()));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "file");
  EXPECT_TRUE(entries[0].attributes.is_file());
  EXPECT_EQ(entries[0].attributes.size, 5U);
  EXPECT_EQ(entries[0].attributes.mtime, 20U);
  EXPECT_EQ(entries[1].name, "folder");
  EXPECT_TRUE(entries[1].attributes.is_folder());
  EXPECT_FALSE(entries[1].attributes.size.has_value());
}

TEST(SftpPacket, RefusesEveryPrefixOfABody) {
  const Buffer whole = names().body;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Reply cut{Type::name, Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))};
    EXPECT_THAT(decode_names(cut), FailsWith(Code::corrupt, "names")) << size;
  }
}

TEST(SftpPacket, RefusesLengthsAndCountsThatLie) {
  EXPECT_THAT(decode_names({Type::name, body_of(fields().u32(~0U))}), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_handle({Type::handle, body_of(fields().u32(~0U))}), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_data({Type::data, body_of(fields().u32(5).u32(0))}), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_attributes({Type::attrs, body_of(fields().u32(0x80000000).u32(~0U))}),
              FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_handle({Type::handle, body_of(fields().text(std::string(257, 'h')))}),
              FailsWith(Code::corrupt, "handle"));
}

TEST(SftpPacket, RefusesAnAnswerOfAnotherType) {
  const Reply data{Type::data, body_of(fields().text("abc"))};
  ASSERT_OK_AND_ASSIGN(const Bytes content, decode_data(data));
  EXPECT_EQ(as_text(content), "abc");
  const Reply other{Type::handle, data.body};
  EXPECT_THAT(decode_data(other), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_names(other), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_status(other), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_greeting(other), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_attributes(other), FailsWith(Code::corrupt, ""));
  EXPECT_THAT(decode_handle(data), FailsWith(Code::corrupt, ""));
}

TEST(SftpPacket, ReadsLimitsAndFreeSpace) {
  ASSERT_OK_AND_ASSIGN(
      const Limits limits,
      decode_limits({Type::extended_reply, body_of(fields().u64(262144).u64(261120).u64(9).u64(1))}));
  EXPECT_EQ(limits.read, 261120U);
  EXPECT_EQ(limits.write, 9U);
  Request space = fields();
  for (std::uint64_t value : {4096U, 1024U, 100U, 50U, 40U, 1000U, 500U, 400U, 0U, 0U, 255U}) {
    space.u64(value);
  }
  ASSERT_OK_AND_ASSIGN(const FreeSpace free, decode_free_space({Type::extended_reply, body_of(space)}));
  EXPECT_EQ(free.bytes, 40U * 1024);
}

}  // namespace
}  // namespace cairn::sftp
