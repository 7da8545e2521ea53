// SPDX-License-Identifier: Apache-2.0
#include "transport/answers.h"

#include <fmt/format.h>

#include <ctime>

#include "base/escape.h"

namespace cairn::transport {

ObjectState file_state(std::uint64_t size, std::int64_t mtime_ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t part = ((mtime_ns % kSecond) + kSecond) % kSecond;
  const auto seconds = static_cast<std::time_t>((mtime_ns - part) / kSecond);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  ObjectState state;
  state.size = size;
  state.modified = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1,
                               utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec) +
                   (part == 0 ? "Z" : fmt::format(".{:09}Z", part));
  return state;
}

Status check_taken(const Transport& transport, const std::string& name, std::uint64_t there,
                   std::uint64_t ours) {
  return there == ours ? Status()
                       : Error(Code::exists, quoted(name) + " is on " + transport.describe() + " with " +
                                                 std::to_string(there) + " bytes where " +
                                                 std::to_string(ours) + " are expected");
}

Error not_there(const Transport& transport, const std::string& name) {
  return {Code::not_found, quoted(name) + " is not on " + transport.describe()};
}

}  // namespace cairn::transport
