// SPDX-License-Identifier: Apache-2.0
#include "version/run_segment.h"

#include "base/escape.h"
#include "codec/hash.h"

namespace cairn::version {
namespace {

constexpr std::string_view kMagic = "CAIRNRUN";
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kReusable = 1;

store::Id take_id(ByteReader& reader) {
  const Bytes bytes = reader.take(sizeof(store::Id::bytes));
  store::Id id;
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

RunHead take_head(ByteReader& reader) {
  RunHead head;
  head.text_size = reader.le<std::uint32_t>();
  head.private_size = reader.le<std::uint32_t>();
  head.reusable = (reader.le<std::uint32_t>() & kReusable) != 0;
  (void)reader.le<std::uint32_t>();
  head.key = take_id(reader);
  head.id = take_id(reader);
  head.stage = reader.le<std::uint64_t>();
  head.result = reader.le<std::uint64_t>();
  return head;
}

}  // namespace

Buffer encode_segment_header() {
  Buffer out;
  append(out, as_bytes(kMagic));
  append_le(out, kVersion);
  append_le<std::uint32_t>(out, 0);
  return out;
}

Result<bool> check_segment_header(Bytes header, const std::string& where) {
  ByteReader reader(header);
  const bool magic = as_text(reader.take(kMagic.size())) == kMagic;
  const auto version = reader.le<std::uint32_t>();
  if (!magic || !reader.ok() || version == 0) {
    return Error(Code::corrupt, quoted(where) + " is damaged: it does not begin as a file of runs does",
                 "move it away: it holds no data, only the records of past runs");
  }
  if (version > kVersion) {
    return Error(Code::unsupported,
                 quoted(where) + " has format " + std::to_string(version) + "; this cairn knows up to " +
                     std::to_string(kVersion),
                 "install a newer cairn");
  }
  return version == kVersion;
}

void append_run(Buffer& out, const EncodedRun& run) {
  const std::size_t begin = out.size();
  append_le(out, static_cast<std::uint32_t>(run.text.size()));
  append_le(out, static_cast<std::uint32_t>(run.private_text.size()));
  append_le(out, run.reusable ? kReusable : 0);
  append_le<std::uint32_t>(out, 0);
  append(out, run.key.bytes);
  append(out, run.id.bytes);
  append_le(out, run.stage);
  append_le(out, run.result);
  append(out, as_bytes(run.text));
  append(out, as_bytes(run.private_text));
  append_le(out, codec::checksum(Bytes(out).subspan(begin)));
}

Frame read_frame(Bytes bytes) {
  Frame frame;
  ByteReader reader(bytes);
  frame.head = take_head(reader);
  const std::uint64_t text = std::uint64_t{frame.head.text_size} + frame.head.private_size;
  if (!reader.ok() || text > kMaxRunText) {
    return frame;
  }
  frame.text = reader.take(text);
  const auto checksum = reader.le<std::uint64_t>();
  if (!reader.ok()) {
    return frame;
  }
  frame.size = kRunHeadSize + text + kRunTailSize;
  const bool fits = codec::checksum(bytes.first(kRunHeadSize + text)) == checksum;
  frame.state = fits ? Frame::State::whole : Frame::State::damaged;
  return frame;
}

EncodedRun run_of(const Frame& frame) {
  EncodedRun run;
  run.id = frame.head.id;
  run.key = frame.head.key;
  run.stage = frame.head.stage;
  run.result = frame.head.result;
  run.reusable = frame.head.reusable;
  const std::string_view text = as_text(frame.text);
  run.text = text.substr(0, frame.head.text_size);
  run.private_text = text.substr(frame.head.text_size);
  return run;
}

Result<Segment> decode_segment(Bytes bytes, const std::string& where) {
  Segment segment;
  const Bytes header = bytes.first(std::min(bytes.size(), kSegmentHeaderSize));
  CAIRN_TRY_ASSIGN(const bool current, check_segment_header(header, where));
  if (!current) {
    return segment;
  }
  Bytes rest = bytes.subspan(kSegmentHeaderSize);
  while (!rest.empty()) {
    const Frame frame = read_frame(rest);
    if (frame.state != Frame::State::whole) {
      ++segment.damaged;
    }
    if (frame.state == Frame::State::cut) {
      break;
    }
    if (frame.state == Frame::State::whole) {
      segment.runs.push_back(run_of(frame));
    }
    rest = rest.subspan(frame.size);
  }
  return segment;
}

Buffer encode_segment(const std::vector<EncodedRun>& runs) {
  Buffer out = encode_segment_header();
  for (const EncodedRun& run : runs) {
    append_run(out, run);
  }
  return out;
}

}  // namespace cairn::version
