// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// Remotes: places that hold packs for several machines (docs/format/remote.md).
namespace cairn::transport {

/// Bytes [offset, offset + size) of an object.
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Receives an object's bytes in order, piece by piece. Its error ends the transfer and is returned as it is.
using Sink = std::function<Status(Bytes piece)>;

/// Bytes to be sent, read once from the first to the last; a transport that tries again rewinds first. An
/// error of read() means that nothing may be published under the object's name. Not thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  virtual Status rewind() = 0;
  /// Fills `out` with the next bytes; less only at the end, 0 after it.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
};

/// Bytes in memory, which must outlive the source.
class BytesSource : public Source {
 public:
  explicit BytesSource(Bytes bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  Status rewind() override;
  Result<std::size_t> read(std::span<std::uint8_t> out) override;

 private:
  Bytes bytes_;
  std::size_t done_ = 0;
};

/// What a backend can do. Reading by name and by range all can.
struct Capabilities {
  bool list = true;   ///< false: names come from the hint file `index-list` (plain HTTP)
  bool write = true;  ///< false: put, remove and prepare are `unsupported`
};

/// A name in a remote and the size of what it holds, in bytes.
struct ObjectInfo {
  std::string name;
  std::uint64_t size = 0;
  bool operator==(const ObjectInfo&) const = default;
};

/// What a place tells of an object beside its bytes, in its own words: "" where it tells nothing. Two equal
/// states that tell more than a size are taken for the same bytes.
struct ObjectState {
  std::uint64_t size = 0;
  std::string etag;
  std::string version;   ///< where the place keeps several of an object
  std::string modified;  ///< when it was written last
  bool operator==(const ObjectState&) const = default;
};

/// One remote, seen as named immutable objects. Names are relative paths that os::check_relative allows; the
/// first part `tmp` is the backend's own. An object is there whole or not at all. Errors: `not_found` means
/// that it is known not to be there; whatever leaves that open (network, permission) is `remote`. Messages
/// name the remote, never a secret. Threads: all functions may be called at once. A new backend must pass
/// test/support/transport_suite.h.
class Transport {
 public:
  virtual ~Transport() = default;

  /// The remote for messages and as a key of local knowledge about it, such as "folder '/mnt/data'": no
  /// secrets.
  [[nodiscard]] virtual std::string describe() const = 0;
  [[nodiscard]] virtual Capabilities capabilities() const = 0;
  /// Where the login comes from that goes with requests, for people: "profile 'default'", never a secret.
  /// "" where there is none.
  virtual std::string login_source() { return {}; }

  /// Makes the place itself (a folder, say) where it is missing. Called only for a remote that was never
  /// used.
  virtual Status prepare() = 0;
  /// Streams an object, or a range of it, into `sink`. `not_found` when it is not there; `remote` when a
  /// range reaches past its end. A sink may have seen some bytes when an error comes.
  virtual Status get(const std::string& name, std::optional<Range> range, const Sink& sink) = 0;
  /// Stores an object unless that name is taken, durably; never replaces one. Success when one of the same
  /// size is there (`source` may not have been read then); `exists` when its size differs.
  virtual Status put_if_absent(const std::string& name, Source& source) = 0;
  /// Stores or replaces a small object at once: readers see the old or the new bytes.
  virtual Status put_replace(const std::string& name, Bytes bytes) = 0;
  /// All objects below `prefix` ("" or a folder with its slash, such as "packs/"), at any depth, sorted by
  /// name. No objects is an empty list; an error says nothing about what is there.
  virtual Result<std::vector<ObjectInfo>> list(const std::string& prefix) = 0;
  /// Size of an object; nothing when it is not there.
  virtual Result<std::optional<std::uint64_t>> stat(const std::string& name) = 0;
  /// Removes an object; a missing one is fine.
  virtual Status remove(const std::string& name) = 0;
  /// list() of several prefixes as one list, in as few round trips as the backend can. In no order of time:
  /// of two objects that appear meanwhile it may show the later one alone.
  virtual Result<std::vector<ObjectInfo>> list_all(const std::vector<std::string>& prefixes);
  /// State of an object; nothing when it is not there, or is a folder. Without an own answer, its size.
  virtual Result<std::optional<ObjectState>> find_state(const std::string& name);
};

/// In the order in which a backend lists them.
void sort_by_name(std::vector<ObjectInfo>& objects);
/// A small object whole; nothing when it is not there. `remote` when it is longer than `limit` bytes.
Result<std::optional<Buffer>> find_object(Transport& transport, const std::string& name, std::uint64_t limit);
/// Exactly out.size() bytes of an object from `offset` on.
Status read_range(Transport& transport, const std::string& name, std::uint64_t offset,
                  std::span<std::uint8_t> out);

}  // namespace cairn::transport
