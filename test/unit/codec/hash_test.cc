// SPDX-License-Identifier: Apache-2.0
#include "codec/hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <utility>

namespace cairn::codec {
namespace {

constexpr std::array kDomains{Domain::data, Domain::node, Domain::tree, Domain::stage_key, Domain::table};

/// The input of BLAKE3's own test vectors: byte i is i % 251.
Buffer vector_input(std::size_t size) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i % 251);
  }
  return bytes;
}

struct Vector {
  std::size_t size;
  const char* digits;
};

// From BLAKE3's test_vectors.json; b3sum prints the same.
constexpr std::array<Vector, 8> kVectors{{
    {0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
    {1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
    {1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
    {1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
    {1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
    {2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"},
    {31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
    {102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"},
}};

TEST(Hash, GivesTheDigitsOfBlake3) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(hash(vector_input(vector.size)).hex(), vector.digits) << vector.size;
  }
}

TEST(Hash, SeparatesDomainsByTheirContexts) {
  // printf abc | b3sum --derive-key "cairn v1 node" -
  EXPECT_EQ(hash(as_bytes("abc")).hex(), "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
  EXPECT_EQ(hash(as_bytes("abc"), Domain::node).hex(),
            "bb972540a725deff6ddba78126f5ce2784181557abc95e332951433d9103fe08");
  EXPECT_EQ(hash(as_bytes("abc"), Domain::tree).hex(),
            "7a75ca1da8bce88366aa162cb35fcc2a9f2248812a4e33431e6dc8c70c15a18d");
  EXPECT_EQ(hash(as_bytes("abc"), Domain::stage_key).hex(),
            "bf15b488b7fad824f706d4c75896f92f9a9e08036e83864e21190deefd61cb7b");
  EXPECT_EQ(hash(as_bytes("abc"), Domain::table).hex(),
            "5257d14761de92a7e64f74695eff755559c2ad263367f0be2aef29afd62c5cfc");
}

TEST(Hasher, GivesTheOneShotHashForAnySplit) {
  const Buffer input = vector_input(5000);
  for (Domain domain : kDomains) {
    for (std::size_t step :
         {std::size_t{1}, std::size_t{63}, std::size_t{1024}, std::size_t{4999}, std::size_t{5000}}) {
      Hasher hasher(domain);
      for (std::size_t at = 0; at < input.size(); at += step) {
        hasher.update(Bytes(input).subspan(at, std::min(step, input.size() - at)));
      }
      EXPECT_EQ(hasher.finish(), hash(input, domain)) << step;
    }
  }
}

TEST(Hasher, CanGoOnAfterFinish) {
  Hasher hasher;
  EXPECT_EQ(hasher.finish(), hash({}));
  hasher.update(as_bytes("ab"));
  EXPECT_EQ(hasher.finish(), hash(as_bytes("ab")));
  hasher.update({});
  hasher.update(as_bytes("c"));
  EXPECT_EQ(hasher.finish(), hash(as_bytes("abc")));
}

TEST(Hasher, KeepsItsStateWhenMoved) {
  Hasher first(Domain::tree);
  first.update(as_bytes("ab"));
  Hasher second(std::move(first));
  second.update(as_bytes("c"));
  Hasher third;
  third = std::move(second);
  EXPECT_EQ(third.finish(), hash(as_bytes("abc"), Domain::tree));
}

TEST(Checksum, IsXxh3Of64Bits) {
  EXPECT_EQ(checksum({}), 0x2d06800538d394c2U);
  EXPECT_EQ(checksum(as_bytes("abc")), 0x78af5f94892f3950U);
}

}  // namespace
}  // namespace cairn::codec
