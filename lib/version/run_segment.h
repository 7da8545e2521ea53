// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "version/run_record.h"

/// How run records follow one another in the journal and in a remote's segments (docs/format/runs.md).
namespace cairn::version {

inline constexpr std::size_t kSegmentHeaderSize = 16;
/// Bytes before and behind the text of a record, and the longest record with both.
inline constexpr std::size_t kRunHeadSize = 96;
inline constexpr std::size_t kRunTailSize = 8;
inline constexpr std::size_t kMaxRunText = std::size_t{16} << 20;
inline constexpr std::size_t kMaxRunFrame = kRunHeadSize + kMaxRunText + kRunTailSize;

/// What stands in front of a record's text.
struct RunHead {
  store::Id key;
  store::Id id;
  std::uint64_t stage = 0;
  std::uint64_t result = 0;
  bool reusable = false;
  std::uint32_t text_size = 0;
  std::uint32_t private_size = 0;
};

Buffer encode_segment_header();
/// `unsupported` for a newer version, naming it and `where`; `corrupt` for anything else that is no header.
/// Success with false for the one older version, whose records are not read any more.
Result<bool> check_segment_header(Bytes header, const std::string& where);

void append_run(Buffer& out, const EncodedRun& run);

/// The next record in `bytes`.
struct Frame {
  enum class State : std::uint8_t {
    whole,
    damaged,  ///< its checksum does not fit: pass over it
    cut,      ///< the bytes end before it does
  };
  State state = State::cut;
  RunHead head;
  Bytes text;            ///< public and private
  std::size_t size = 0;  ///< of the whole frame
};
Frame read_frame(Bytes bytes);
/// The record in a whole frame.
EncodedRun run_of(const Frame& frame);

/// A whole segment from memory: records whose checksums do not fit, and a cut one at the end, are left out
/// and counted in `damaged`.
struct Segment {
  std::vector<EncodedRun> runs;
  std::size_t damaged = 0;
};
Result<Segment> decode_segment(Bytes bytes, const std::string& where);
Buffer encode_segment(const std::vector<EncodedRun>& runs);

}  // namespace cairn::version
