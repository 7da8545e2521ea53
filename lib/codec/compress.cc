// SPDX-License-Identifier: Apache-2.0
#include "codec/compress.h"

#include "base/escape.h"

// ZSTD_c_literalCompressionMode and ZSTD_getFrameHeader.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace cairn::codec {
namespace {

constexpr int kMinLevel = 1;
constexpr int kMaxLevel = 19;

/// A level so low that zstd looks for almost no matches; with literal compression forced on, Huffman is what
/// remains.
constexpr int kHuffmanLevel = -1000;

/// From this level on zstd spends its whole effort on incompressible data; below, it gives up by itself.
constexpr int kFirstProbedLevel = 4;

/// Bytes of the sample, and the order-0 entropy above which it counts as random. A sample of 4 KiB of random
/// bytes has 7.95 bits a byte.
constexpr std::size_t kSampleSize = 4096;
constexpr std::size_t kSamplePieces = 8;
constexpr double kRandomEntropy = 7.85;

/// Largest window that a stored frame may ask for.
constexpr std::uint64_t kMaxWindow = std::uint64_t{1} << 23;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// Bits a byte of an order-0 model of eight pieces spread evenly over `raw`. REQUIRES: raw.size() >=
/// kSampleSize.
double sampled_entropy(Bytes raw) {
  constexpr std::size_t kPiece = kSampleSize / kSamplePieces;
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t piece = 0; piece < kSamplePieces; ++piece) {
    const std::size_t start = (raw.size() - kPiece) / (kSamplePieces - 1) * piece;
    for (std::uint8_t byte : raw.subspan(start, kPiece)) {
      ++counts[byte];
    }
  }
  double sum = 0;
  for (std::uint32_t count : counts) {
    if (count != 0) {
      sum += count * std::log2(static_cast<double>(count));
    }
  }
  return std::log2(static_cast<double>(kSampleSize)) - sum / static_cast<double>(kSampleSize);
}

bool not_worth_trying(const Compression& compression, Bytes raw) {
  switch (compression.mode) {
    case Compression::Mode::raw:
      return true;
    case Compression::Mode::fast:
      return raw.empty();
    case Compression::Mode::level:
      return raw.empty() || (compression.level >= kFirstProbedLevel && raw.size() >= kSampleSize &&
                             sampled_entropy(raw) > kRandomEntropy);
  }
  return true;
}

void configure(ZSTD_CCtx* context, const Compression& compression) {
  const auto set = [context](ZSTD_cParameter parameter, int value) {
    CAIRN_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)) == 0);
  };
  set(ZSTD_c_contentSizeFlag, 0);
  set(ZSTD_c_checksumFlag, 0);
  set(ZSTD_c_dictIDFlag, 0);
  if (compression.mode == Compression::Mode::fast) {
    set(ZSTD_c_compressionLevel, kHuffmanLevel);
    set(ZSTD_c_literalCompressionMode, ZSTD_ps_enable);
  } else {
    set(ZSTD_c_compressionLevel, compression.level);
  }
}

Encoder::Encoded keep_raw(Bytes raw, std::span<std::uint8_t> out) {
  if (!raw.empty()) {
    std::memcpy(out.data(), raw.data(), raw.size());
  }
  return {Codec::raw, raw.size()};
}

Error corrupt(std::string why) {
  return Error(Code::corrupt, "stored bytes are damaged: " + std::move(why));
}

/// A single frame that fills `stored`, of the modern format, with a small window.
Status check_frame(Bytes stored) {
  ZSTD_frameHeader header;
  if (ZSTD_getFrameHeader(&header, stored.data(), stored.size()) != 0) {
    return corrupt("the zstd frame header cannot be read");
  }
  if (header.frameType != ZSTD_frame || header.dictID != 0) {
    return corrupt("this kind of zstd frame is never written");
  }
  if (header.windowSize > kMaxWindow) {
    return corrupt("the zstd frame asks for a window over 8 MiB");
  }
  if (ZSTD_findFrameCompressedSize(stored.data(), stored.size()) != stored.size()) {
    return corrupt("the zstd frame has another length");
  }
  return {};
}

}  // namespace

Result<Compression> parse_compression(std::string_view text) {
  if (text == "auto") {
    return Compression{};
  }
  if (text == "raw") {
    return Compression{Compression::Mode::raw, 0};
  }
  if (text == "fast") {
    return Compression{Compression::Mode::fast, 0};
  }
  int level = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, level);
  const bool canonical = !text.empty() && text.front() >= '1' && text.front() <= '9';
  if (!canonical || parsed.ec != std::errc{} || parsed.ptr != end || level < kMinLevel || level > kMaxLevel) {
    return Error(Code::usage, "unknown compression " + quoted(text),
                 "use auto, raw, fast, or a level from 1 to 19");
  }
  return Compression{Compression::Mode::level, level};
}

struct Encoder::State {
  Compression compression;
  std::unique_ptr<ZSTD_CCtx, FreeContext> context;
};

Encoder::Encoder(Compression compression) : state_(std::make_unique<State>()) {
  state_->compression = compression;
  if (compression.mode != Compression::Mode::raw) {
    state_->context.reset(ZSTD_createCCtx());
    CAIRN_CHECK(state_->context != nullptr);
    configure(state_->context.get(), compression);
  }
}
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

std::size_t Encoder::bound(std::size_t raw_size) {
  return ZSTD_COMPRESSBOUND(raw_size);
}

Result<Encoder::Encoded> Encoder::encode(Bytes raw, std::span<std::uint8_t> out) {
  CAIRN_CHECK(out.size() >= bound(raw.size()));
  if (not_worth_trying(state_->compression, raw)) {
    return keep_raw(raw, out);
  }
  const std::size_t size =
      ZSTD_compress2(state_->context.get(), out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) {
    return Error(Code::io, std::string("cannot compress: ") + ZSTD_getErrorName(size));
  }
  if (size > raw.size() - raw.size() / 32) {
    return keep_raw(raw, out);
  }
  return Encoded{state_->compression.mode == Compression::Mode::fast ? Codec::huffman : Codec::zstd, size};
}

struct Decoder::State {
  std::unique_ptr<ZSTD_DCtx, FreeContext> context;
};

Decoder::Decoder() : state_(std::make_unique<State>()) {
  state_->context.reset(ZSTD_createDCtx());
  CAIRN_CHECK(state_->context != nullptr);
}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Status Decoder::decode(Codec codec, Bytes stored, std::span<std::uint8_t> out) {
  switch (codec) {
    case Codec::raw:
      if (stored.size() != out.size()) {
        return corrupt("the length is not the recorded one");
      }
      keep_raw(stored, out);
      return {};
    case Codec::huffman:
    case Codec::zstd: {
      CAIRN_TRY(check_frame(stored));
      const std::size_t size =
          ZSTD_decompressDCtx(state_->context.get(), out.data(), out.size(), stored.data(), stored.size());
      if (ZSTD_isError(size) != 0) {
        return corrupt(ZSTD_getErrorName(size));
      }
      if (size != out.size()) {
        return corrupt("the decoded length is not the recorded one");
      }
      return {};
    }
    case Codec::planes:
    case Codec::delta:
    case Codec::xor_planes:
      break;
  }
  return Error(Code::unsupported,
               "codec " + std::to_string(static_cast<int>(codec)) + " is not known to this build",
               "install a newer cairn");
}

}  // namespace cairn::codec
