// SPDX-License-Identifier: Apache-2.0
// sftp_bench CONFIG HOST FOLDER MIB write|read: seconds to write or read an object of that size, connecting
// included.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/data.h"
#include "sftp/sftp.h"

namespace cairn::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kArguments = 6;

Status transfer(sftp::SftpTransport& remote, const Buffer& content, bool writes) {
  if (writes) {
    CAIRN_TRY(remote.prepare());
    CAIRN_TRY(remote.remove("object"));
    transport::BytesSource source(content);
    return remote.put_if_absent("object", source);
  }
  std::uint64_t got = 0;
  CAIRN_TRY(remote.get("object", std::nullopt, [&](Bytes piece) {
    got += piece.size();
    return Status();
  }));
  return got == content.size() ? Status() : Error(Code::io, "another size came back");
}

int run(char** words) {
  sftp::Address address;
  address.host = words[2];
  address.folder = words[3];
  Buffer content;
  test::SplitMix64 random(1);
  fill_random(content, static_cast<std::size_t>(std::atoi(words[4])) << 20, random);
  const auto start = Clock::now();
  sftp::SftpTransport remote(address, nullptr, {{"ssh", "-F", words[1]}});
  const Status done = transfer(remote, content, std::string_view(words[5]) == "write");
  if (!done.ok()) {
    std::fprintf(stderr, "%s\n", done.error().message().c_str());
    return 1;
  }
  std::printf("%.3f\n", std::chrono::duration<double>(Clock::now() - start).count());
  return 0;
}

}  // namespace
}  // namespace cairn::bench

int main(int count, char** words) {
  return count == cairn::bench::kArguments ? cairn::bench::run(words) : 2;
}
