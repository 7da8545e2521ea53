// SPDX-License-Identifier: Apache-2.0
#include "os/mapping.h"

#include <sys/mman.h>
#include <sys/vfs.h>

#include <utility>

#include "base/escape.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

/// File systems whose files another host can change or lose under a mapping (values of statfs(2)).
bool is_remote(int fd) {
  static constexpr std::uint32_t kRemote[] = {
      0x6969,      // NFS
      0xff534d42,  // CIFS
      0xfe534d42,  // SMB2
      0x517b,      // SMB
      0x65735546,  // FUSE
      0x01021997,  // 9P
      0x00c36400,  // Ceph
      0x0bd00bd0,  // Lustre
      0x5346414f,  // AFS
  };
  struct statfs info {};
  if (retry([&] { return ::fstatfs(fd, &info); }) != 0) {
    return true;  // reading is right everywhere
  }
  auto type = static_cast<std::uint32_t>(info.f_type);
  for (std::uint32_t remote : kRemote) {
    if (type == remote) {
      return true;
    }
  }
  return false;
}

void unmap(Bytes bytes) {
  // munmap takes what mmap gave, which we only lend as const.
  ::munmap(const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

Result<Mapping> Mapping::open(const std::string& path) {
  CAIRN_TRY_ASSIGN(Fd fd, open_file(path, O_RDONLY | O_NONBLOCK));
  CAIRN_TRY_ASSIGN(FileStat stat, stat_fd(fd.get(), path));
  if (stat.kind != Kind::file) {
    return Error(Code::io, "cannot map " + quoted(path) + ": it is not a file");
  }
  Mapping out;
  if (stat.size == 0) {
    return out;
  }
  auto size = static_cast<std::size_t>(stat.size);
  if (!is_remote(fd.get())) {
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (start != MAP_FAILED) {
      out.bytes_ = {static_cast<const std::uint8_t*>(start), size};
      out.mapped_ = true;
      return out;
    }
  }
  out.copy_.resize(size);
  CAIRN_TRY(read_exactly_at(fd.get(), out.copy_, 0, path));
  out.bytes_ = out.copy_;
  return out;
}

Mapping::Mapping(Mapping&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})),
      copy_(std::move(other.copy_)),
      mapped_(std::exchange(other.mapped_, false)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    if (mapped_) {
      unmap(bytes_);
    }
    bytes_ = std::exchange(other.bytes_, {});
    copy_ = std::move(other.copy_);
    mapped_ = std::exchange(other.mapped_, false);
  }
  return *this;
}

Mapping::~Mapping() {
  if (mapped_) {
    unmap(bytes_);
  }
}

}  // namespace cairn::os
