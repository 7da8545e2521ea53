// SPDX-License-Identifier: Apache-2.0
#include "codec/compress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <utility>

#include "support/matchers.h"
#include "unit/codec/chunker_inputs.h"

namespace cairn::codec {
namespace {

using cairn::test::csv_bytes;
using cairn::test::FailsWith;
using cairn::test::random_bytes;

constexpr Compression kRaw{Compression::Mode::raw, 0};
constexpr Compression kFast{Compression::Mode::fast, 0};
constexpr Compression level(int number) {
  return {Compression::Mode::level, number};
}

struct Stored {
  Codec codec = Codec::raw;
  Buffer bytes;
};

Stored encoded(Encoder& encoder, Bytes raw) {
  Buffer out(Encoder::bound(raw.size()));
  const Result<Encoder::Encoded> result = encoder.encode(raw, out);
  EXPECT_OK(result);
  out.resize(result->size);
  return {result->codec, out};
}

Stored encoded(Compression compression, Bytes raw) {
  Encoder encoder(compression);
  return encoded(encoder, raw);
}

Status decode(Codec codec, Bytes stored, std::span<std::uint8_t> out) {
  return Decoder().decode(codec, stored, out);
}

/// A frame by zstd itself with its default header.
Buffer plain_frame(Bytes raw) {
  Buffer frame(ZSTD_compressBound(raw.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), raw.data(), raw.size(), 1));
  return frame;
}

TEST(ParseCompression, KnowsEveryAllowedValue) {
  ASSERT_OK_AND_ASSIGN(const Compression automatic, parse_compression("auto"));
  EXPECT_EQ(automatic.mode, Compression::Mode::level);
  EXPECT_EQ(automatic.level, 1);
  ASSERT_OK_AND_ASSIGN(const Compression raw, parse_compression("raw"));
  EXPECT_EQ(raw.mode, Compression::Mode::raw);
  ASSERT_OK_AND_ASSIGN(const Compression fast, parse_compression("fast"));
  EXPECT_EQ(fast.mode, Compression::Mode::fast);
  for (int number = 1; number <= 19; ++number) {
    ASSERT_OK_AND_ASSIGN(const Compression parsed, parse_compression(std::to_string(number)));
    EXPECT_EQ(parsed.mode, Compression::Mode::level);
    EXPECT_EQ(parsed.level, number);
  }
}

TEST(ParseCompression, RefusesOtherTextAndNamesTheAllowedValues) {
  for (const char* bad :
       {"", "0", "20", "-1", "+1", " 1", "1 ", "01", "1.5", "99999999999999999999", "zstd", "FAST"}) {
    const Result<Compression> parsed = parse_compression(bad);
    EXPECT_THAT(parsed, FailsWith(Code::usage, "unknown compression '" + std::string(bad) + "'"));
    EXPECT_THAT(parsed.error().hint(), testing::HasSubstr("auto, raw, fast, or a level from 1 to 19"));
  }
}

TEST(Encoder, RoundTripsEverySizeAndLevel) {
  for (const Compression& compression : {kRaw, kFast, level(1), level(3), level(4), level(19)}) {
    Encoder encoder(compression);
    Decoder decoder;
    for (std::size_t size : {0U, 1U, 2U, 31U, 32U, 33U, 255U, 256U, 4095U, 4096U, 65536U, 131072U, 262144U}) {
      for (const Buffer& raw : {csv_bytes(size, 1), random_bytes(size, 2), Buffer(size)}) {
        const Stored stored = encoded(encoder, raw);
        ASSERT_LE(stored.bytes.size(), raw.size());
        Buffer back(size);
        ASSERT_OK(decoder.decode(stored.codec, stored.bytes, back));
        ASSERT_EQ(back, raw) << size;
      }
    }
  }
}

TEST(Encoder, UsesTheCodecOfItsMode) {
  const Buffer text = csv_bytes(65536, 3);
  EXPECT_EQ(encoded(kRaw, text).codec, Codec::raw);
  EXPECT_EQ(encoded(kRaw, text).bytes, text);
  EXPECT_EQ(encoded(kFast, text).codec, Codec::huffman);
  EXPECT_EQ(encoded(level(1), text).codec, Codec::zstd);
}

TEST(Encoder, CompressesTextInFastModeAlmostToItsEntropy) {
  const Buffer text = csv_bytes(65536, 3);
  const std::size_t fast = encoded(kFast, text).bytes.size();
  EXPECT_LT(fast, text.size() * 2 / 3);
  EXPECT_LT(encoded(level(1), text).bytes.size(), fast);
}

TEST(Encoder, KeepsRawWhatSavesLessThanOneThirtySecond) {
  // Zeros, then random bytes: what zstd saves is the zeros, but for a few bytes of headers.
  const auto with_zeros = [](std::size_t zeros) {
    Buffer bytes(zeros);
    append(bytes, random_bytes(32768 - zeros, 4));
    return bytes;
  };
  EXPECT_EQ(encoded(level(1), with_zeros(1024 - 64)).codec, Codec::raw);
  EXPECT_EQ(encoded(level(1), with_zeros(1024 + 128)).codec, Codec::zstd);
}

TEST(Encoder, KeepsRandomBytesRawInEveryMode) {
  const Buffer noise = random_bytes(65536, 5);
  for (const Compression& compression : {kRaw, kFast, level(1), level(4), level(19)}) {
    const Stored stored = encoded(compression, noise);
    EXPECT_EQ(stored.codec, Codec::raw);
    EXPECT_EQ(stored.bytes, noise);
  }
}

TEST(Encoder, DoesNotTryHighLevelsOnWhatLooksRandom) {
  // 32 KiB of noise twice: a level would halve it, but each byte alone looks random.
  Buffer twice = random_bytes(32768, 6);
  append(twice, random_bytes(32768, 6));
  EXPECT_EQ(encoded(level(3), twice).codec, Codec::zstd);
  EXPECT_EQ(encoded(level(4), twice).codec, Codec::raw);
}

TEST(Encoder, WritesFramesWithoutLengthChecksumOrDictionary) {
  for (const Compression& compression : {kFast, level(1), level(19)}) {
    const Stored stored = encoded(compression, csv_bytes(65536, 7));
    ASSERT_GT(stored.bytes.size(), 6U);
    EXPECT_EQ(load_le<std::uint32_t>(stored.bytes.data()), ZSTD_MAGICNUMBER);
    EXPECT_EQ(stored.bytes[4], 0) << "frame header descriptor";
  }
}

TEST(Encoder, WritesFramesThatPlainZstdReads) {
  const Buffer text = csv_bytes(100000, 8);
  for (const Compression& compression : {kFast, level(1), level(19)}) {
    const Stored stored = encoded(compression, text);
    Buffer back(text.size());
    EXPECT_EQ(ZSTD_decompress(back.data(), back.size(), stored.bytes.data(), stored.bytes.size()),
              text.size());
    EXPECT_EQ(back, text);
  }
}

TEST(Encoder, GivesTheSameBytesWhenUsedAgainAndWhenMoved) {
  const Buffer text = csv_bytes(65536, 9);
  Encoder first(level(1));
  const Buffer bytes = encoded(first, text).bytes;
  encoded(first, csv_bytes(200000, 10));
  Encoder second(std::move(first));
  EXPECT_EQ(encoded(second, text).bytes, bytes);
}

TEST(Decoder, RefusesEveryTruncation) {
  const Buffer text = csv_bytes(600, 11);
  for (const Compression& compression : {kFast, level(1)}) {
    const Stored stored = encoded(compression, text);
    ASSERT_NE(stored.codec, Codec::raw);
    Buffer out(text.size());
    for (std::size_t size = 0; size < stored.bytes.size(); ++size) {
      const Buffer cut(stored.bytes.begin(), stored.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_THAT(decode(stored.codec, cut, out), FailsWith(Code::corrupt, "damaged")) << size;
    }
  }
}

TEST(Decoder, SurvivesEveryBitFlip) {
  // Frames carry no checksum: a flip may give other bytes, which the hash of the chunk then shows. It must
  // never crash or give another length, and most flips are seen.
  const Buffer text = csv_bytes(600, 12);
  for (const Compression& compression : {kFast, level(1)}) {
    const Stored stored = encoded(compression, text);
    Decoder decoder;
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < stored.bytes.size() * 8; ++bit) {
      Buffer flipped = stored.bytes;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
      Buffer out(text.size());
      Status status = decoder.decode(stored.codec, flipped, out);
      if (!status.ok()) {
        EXPECT_EQ(status.error().code(), Code::corrupt);
        ++refused;
      }
    }
    EXPECT_GT(refused, 0U);
    Buffer out(text.size());
    ASSERT_OK(decoder.decode(stored.codec, stored.bytes, out));
    EXPECT_EQ(out, text) << "the decoder is good for undamaged frames afterwards";
  }
}

TEST(Decoder, RefusesAnyOtherLength) {
  const Buffer text = csv_bytes(5000, 13);
  for (const Compression& compression : {kRaw, kFast, level(1)}) {
    const Stored stored = encoded(compression, text);
    for (std::size_t size :
         {std::size_t{0}, std::size_t{1}, text.size() - 1, text.size() + 1, text.size() * 2}) {
      Buffer out(size);
      EXPECT_THAT(decode(stored.codec, stored.bytes, out), FailsWith(Code::corrupt, "damaged")) << size;
    }
  }
}

TEST(Decoder, RefusesWhateverFollowsTheFrame) {
  const Buffer text = csv_bytes(5000, 14);
  const Stored stored = encoded(level(1), text);
  const Buffer empty_frame = plain_frame({});
  const Buffer skippable{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
  Buffer out(text.size());
  for (const Buffer& tail : {Buffer{0}, stored.bytes, empty_frame, skippable}) {
    Buffer longer = stored.bytes;
    append(longer, tail);
    EXPECT_THAT(decode(stored.codec, longer, out), FailsWith(Code::corrupt, "another length"));
  }
  Buffer before = skippable;
  append(before, stored.bytes);
  EXPECT_THAT(decode(stored.codec, before, out), FailsWith(Code::corrupt, "never written"));
}

TEST(Decoder, RefusesFramesThatAskForMuchMemory) {
  const Buffer text = csv_bytes(5000, 15);
  Buffer out(text.size());

  // The window descriptor follows the descriptor byte: exponent in the upper five bits, 8 MiB is 13.
  Buffer frame = encoded(level(1), text).bytes;
  frame[5] = 13 << 3;
  EXPECT_OK(decode(Codec::zstd, frame, out));
  for (int descriptor : {(13 << 3) + 1, 14 << 3, 31 << 3}) {
    frame[5] = static_cast<std::uint8_t>(descriptor);
    EXPECT_THAT(decode(Codec::zstd, frame, out), FailsWith(Code::corrupt, "")) << descriptor;
  }

  // A frame that promises 1 TB: magic, single segment with a length of eight bytes, then one block of one
  // byte.
  Buffer bomb{0x28, 0xb5, 0x2f, 0xfd, 0xe0};
  append_le(bomb, std::uint64_t{1} << 40);
  append(bomb, Buffer{0x09, 0x00, 0x00, 'x'});
  EXPECT_THAT(decode(Codec::zstd, bomb, out), FailsWith(Code::corrupt, "window over 8 MiB"));
}

TEST(Decoder, StopsWhenAFrameYieldsMoreThanItShould) {
  const Buffer zeros(std::size_t{4} << 20);
  const Stored stored = encoded(level(1), zeros);
  ASSERT_LT(stored.bytes.size(), 2000U);
  // One canary byte behind what the decoder may write.
  Buffer out(1001, 0xaa);
  EXPECT_THAT(decode(stored.codec, stored.bytes, std::span(out).first(1000)),
              FailsWith(Code::corrupt, "damaged"));
  EXPECT_EQ(out.back(), 0xaa);
}

TEST(Decoder, ReadsFramesWithAnyUsualHeader) {
  const Buffer text = csv_bytes(5000, 16);
  Buffer out(text.size());
  EXPECT_OK(decode(Codec::zstd, plain_frame(text), out));
  EXPECT_EQ(out, text);
}

TEST(Decoder, RefusesNoiseAsFrame) {
  Buffer out(1000);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_THAT(decode(Codec::zstd, random_bytes(seed, seed), out), FailsWith(Code::corrupt, "damaged"));
    Buffer behind_magic{0x28, 0xb5, 0x2f, 0xfd};
    append(behind_magic, random_bytes(seed, seed));
    EXPECT_THAT(decode(Codec::zstd, behind_magic, out), FailsWith(Code::corrupt, "damaged"));
  }
}

TEST(Decoder, DoesNotKnowTheReservedCodecs) {
  const Buffer bytes(100);
  Buffer out(100);
  for (int codec : {3, 4, 5, 6, 255}) {
    EXPECT_THAT(decode(static_cast<Codec>(codec), bytes, out),
                FailsWith(Code::unsupported, "codec " + std::to_string(codec)));
  }
}

TEST(Decoder, CanBeMoved) {
  const Buffer text = csv_bytes(5000, 17);
  const Stored stored = encoded(level(1), text);
  Decoder first;
  Decoder second(std::move(first));
  Buffer out(text.size());
  EXPECT_OK(second.decode(stored.codec, stored.bytes, out));
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace cairn::codec
