// SPDX-License-Identifier: Apache-2.0
#include "transport/transport.h"

#include <algorithm>

#include "base/escape.h"

namespace cairn::transport {

Status BytesSource::rewind() {
  done_ = 0;
  return {};
}

Result<std::size_t> BytesSource::read(std::span<std::uint8_t> out) {
  std::size_t count = std::min(out.size(), bytes_.size() - done_);
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(done_), count, out.begin());
  done_ += count;
  return count;
}

Result<std::optional<Buffer>> find_object(Transport& transport, const std::string& name,
                                          std::uint64_t limit) {
  Buffer bytes;
  Status got = transport.get(name, std::nullopt, [&](Bytes piece) -> Status {
    if (piece.size() > limit - bytes.size()) {
      return Error(Code::remote, quoted(name) + " on " + transport.describe() + " is longer than " +
                                     std::to_string(limit) + " bytes");
    }
    append(bytes, piece);
    return {};
  });
  if (got.ok()) {
    return std::optional(std::move(bytes));
  }
  return got.error().code() == Code::not_found ? Result(std::optional<Buffer>()) : std::move(got.error());
}

void sort_by_name(std::vector<ObjectInfo>& objects) {
  std::sort(objects.begin(), objects.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.name < b.name; });
}

Result<std::vector<ObjectInfo>> Transport::list_all(const std::vector<std::string>& prefixes) {
  std::vector<ObjectInfo> all;
  for (const std::string& prefix : prefixes) {
    CAIRN_TRY_ASSIGN(auto objects, list(prefix));
    all.insert(all.end(), std::make_move_iterator(objects.begin()), std::make_move_iterator(objects.end()));
  }
  sort_by_name(all);
  return all;
}

Result<std::optional<ObjectState>> Transport::find_state(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto size, stat(name));
  if (!size) {
    return std::optional<ObjectState>();
  }
  ObjectState state;
  state.size = *size;
  return std::optional(std::move(state));
}

Status read_range(Transport& transport, const std::string& name, std::uint64_t offset,
                  std::span<std::uint8_t> out) {
  std::size_t done = 0;
  CAIRN_TRY(transport.get(name, Range{offset, out.size()}, [&](Bytes piece) -> Status {
    if (piece.size() > out.size() - done) {
      return Error(Code::remote,
                   transport.describe() + " sent more of " + quoted(name) + " than was asked for");
    }
    std::copy(piece.begin(), piece.end(), out.begin() + static_cast<std::ptrdiff_t>(done));
    done += piece.size();
    return {};
  }));
  return done == out.size() ? Status()
                            : Error(Code::remote, transport.describe() + " sent less of " + quoted(name) +
                                                      " than was asked for");
}

}  // namespace cairn::transport
