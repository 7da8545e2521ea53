// SPDX-License-Identifier: Apache-2.0
#include "transport/answers.h"

#include "base/escape.h"

namespace cairn::transport {

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
