// SPDX-License-Identifier: Apache-2.0
#include "ops/source_state.h"

#include <algorithm>

#include "codec/hash.h"
#include "codec/id.h"

namespace cairn::ops {
namespace {

/// It tells more than its size.
bool tells_more(const transport::ObjectState& state) {
  return !state.etag.empty() || !state.version.empty() || !state.modified.empty();
}

/// Hash of all names and states; texts are told apart by their lengths.
std::string listing_of(std::span<const SourceFile> files) {
  Buffer bytes;
  for (const SourceFile& file : files) {
    append_le(bytes, file.state.size);
    for (const std::string* text :
         {&file.path, &file.state.etag, &file.state.version, &file.state.modified}) {
      append_le(bytes, std::uint64_t{text->size()});
      append(bytes, as_bytes(*text));
    }
  }
  return codec::hash(bytes).text();
}

SourceChange compare_file(const project::UrlSource& recorded, std::uint64_t size,
                          const transport::ObjectState& now) {
  const auto judged = [](bool same) { return same ? SourceChange::same : SourceChange::moved; };
  if (!recorded.version.empty() && !now.version.empty()) {
    return judged(recorded.version == now.version);
  }
  if (!recorded.etag.empty() && !now.etag.empty()) {
    return judged(recorded.etag == now.etag);
  }
  if (now.size != 0 && now.size != size) {  // 0: perhaps it is not told
    return SourceChange::moved;
  }
  if (!recorded.modified.empty() && !now.modified.empty()) {
    return judged(recorded.modified == now.modified);
  }
  return SourceChange::unknown;
}

}  // namespace

SourceChange compare_states(const project::UrlSource& recorded, std::uint64_t size, const SourceState& now) {
  const bool was_folder = !recorded.listing.empty();
  if (was_folder != now.is_folder) {
    return SourceChange::moved;
  }
  if (!now.is_folder) {
    return compare_file(recorded, size, now.files.front().state);
  }
  if (recorded.listing != listing_of(now.files)) {
    return SourceChange::moved;
  }
  const bool all_tell = std::all_of(now.files.begin(), now.files.end(),
                                    [](const SourceFile& file) { return tells_more(file.state); });
  return all_tell ? SourceChange::same : SourceChange::unknown;
}

project::UrlSource record_state(const std::string& url, const SourceState& state) {
  project::UrlSource source;
  source.url = url;
  if (state.is_folder) {
    source.listing = listing_of(state.files);
  } else {
    const transport::ObjectState& file = state.files.front().state;
    source.etag = file.etag;
    source.version = file.version;
    source.modified = file.modified;
  }
  return source;
}

std::string shown_state(const project::UrlSource& source) {
  for (const std::string* text : {&source.version, &source.etag, &source.modified, &source.listing}) {
    if (!text->empty()) {
      return *text;
    }
  }
  return {};
}

}  // namespace cairn::ops
