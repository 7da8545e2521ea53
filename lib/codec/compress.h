// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace cairn::codec {

/// How stored bytes were encoded. Stored; never renumber. `planes`, `delta` and `xor_planes` are reserved by
/// the format and not written yet: reading one is error `unsupported`.
enum class Codec : std::uint8_t { raw = 0, huffman = 1, zstd = 2, planes = 3, delta = 4, xor_planes = 5 };

/// What the user chose with core.compress: `raw`, `fast` (Huffman-only zstd, 1.5-1.7x on text at over 1
/// GB/s), or a zstd level from 1 to 19. `auto` is level 1.
struct Compression {
  enum class Mode : std::uint8_t { raw, fast, level } mode = Mode::level;
  int level = 1;
};
/// Parses auto|raw|fast|1..19; error `usage` names the allowed values.
Result<Compression> parse_compression(std::string_view text);

/// Encodes chunks and blocks, reusing one zstd context (about 1.5 MiB). One per thread.
class Encoder {
 public:
  explicit Encoder(Compression compression);
  Encoder(Encoder&&) noexcept;
  ~Encoder();

  struct Encoded {
    Codec codec = Codec::raw;
    std::size_t size = 0;
  };
  /// Upper bound of encode's output for `raw_size` input bytes.
  static std::size_t bound(std::size_t raw_size);
  /// Encodes `raw` into `out` (at least bound(raw.size()) bytes). Kept raw when encoding saves less than
  /// 1/32.
  Result<Encoded> encode(Bytes raw, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decodes what Encoder wrote. One per thread. Window size is capped, so a hostile frame cannot ask for much
/// memory.
class Decoder {
 public:
  Decoder();
  Decoder(Decoder&&) noexcept;
  ~Decoder();
  /// Decodes `stored` into exactly out.size() bytes; any other length or a damaged frame is error `corrupt`.
  Status decode(Codec codec, Bytes stored, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::codec
