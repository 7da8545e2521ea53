// SPDX-License-Identifier: Apache-2.0
#include "remote/gc_needed.h"

#include <mutex>

#include "base/escape.h"
#include "os/file.h"
#include "remote/walk.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

constexpr std::uint64_t kRootLimit = 256u << 20;

/// Shows of both sides what the remote has, and reads it where it is nearer.
class RemoteSide : public EntrySource {
 public:
  RemoteSide(Entries& entries, const RemoteIndex& index) : entries_(entries), index_(index) {}
  [[nodiscard]] Presence find(const store::Key& key) const override { return {false, index_.contains(key)}; }
  Status prefetch(const std::vector<store::Key>& keys) override { return entries_.prefetch(keys); }
  Result<Buffer> read(const store::Key& key) override { return entries_.read(key); }

 private:
  Entries& entries_;
  const RemoteIndex& index_;
};

Result<std::vector<store::Object>> read_root(transport::Transport& transport, const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto text, transport::find_object(transport, name, kRootLimit));
  if (!text) {
    return Error(Code::remote, "it was listed and is gone", "run the command again");
  }
  return decode_roots(as_text(*text));
}

/// Which root it is that misses something, or cannot be read.
Error unreadable(EntrySource& entries, const std::vector<NeededObject>& objects, const std::string& remote,
                 const Context& context) {
  for (const NeededObject& needed : objects) {
    const auto difference = compare_closures(entries, std::span(&needed.object, 1), context);
    const std::string where = remote + ": root " + quoted(needed.root);
    constexpr const char* kHint =
        "run cairn push --rev COMMIT for that commit, on a machine that has its data";
    if (!difference.ok()) {
      return difference.error().code() == Code::interrupted ? difference.error()
                                                            : difference.error().with_context(where);
    }
    if (!difference->nowhere.empty()) {
      return {Code::remote,
              where + " needs " + difference->nowhere.front().id.text() +
                  ", which is not there; nothing was removed",
              kHint};
    }
  }
  return {Code::remote, remote + ": what it holds keeps changing", "run the command again"};
}

void add_all(NeededKeys& needed, const std::vector<store::Key>& keys) {
  needed.insert(keys.begin(), keys.end());
}

}  // namespace

Result<std::vector<NeededObject>> read_roots(transport::Transport& transport,
                                             std::span<const transport::ObjectInfo> roots,
                                             const Context& context) {
  std::mutex mutex;
  std::vector<NeededObject> objects;
  NeededKeys known;
  context.progress.start("reading roots", 0, roots.size());
  Status read = transport::each_at_once(roots.size(), context, [&](std::size_t i) -> Status {
    CAIRN_TRY(context.check_stop());
    auto root = read_root(transport, roots[i].name);
    if (!root.ok()) {
      return root.error().with_context(transport.describe() + ": root " + quoted(roots[i].name));
    }
    const std::lock_guard lock(mutex);
    for (const store::Object& object : *root) {
      if (known.insert({store::content_kind(object.family), object.id}).second) {
        objects.push_back({object, roots[i].name});
      }
    }
    ++context.progress.items_done;
    return {};
  });
  CAIRN_TRY(std::move(read));
  return objects;
}

Result<NeededKeys> find_needed(store::Store& store, const Remote& remote, const RemoteIndex& index,
                               const std::vector<NeededObject>& objects, const KeptToo& kept_too,
                               const Context& context) {
  CAIRN_TRY_ASSIGN(const os::TempFolder folder, os::TempFolder::make(store.paths().temporary(), "gc-"));
  Stage stage(remote.transport(), folder.path(), context);
  Entries entries(store, index, stage);
  RemoteSide side(entries, index);
  std::vector<store::Object> all;
  all.reserve(objects.size());
  for (const NeededObject& needed : objects) {
    all.push_back(needed.object);
  }
  const auto difference = compare_closures(side, all, context);
  if (difference.ok() ? !difference->nowhere.empty() : difference.error().code() != Code::interrupted) {
    return unreadable(side, objects, remote.describe(), context);
  }
  if (!difference.ok()) {
    return difference.error();
  }
  NeededKeys needed;
  add_all(needed, difference->only_there);
  if (kept_too) {
    CAIRN_TRY_ASSIGN(const auto more, kept_too(needed));
    CAIRN_TRY_ASSIGN(const Difference kept, compare_closures(side, more, context));
    add_all(needed, kept.only_there);
  }
  return needed;
}

}  // namespace cairn::remote
