// SPDX-License-Identifier: Apache-2.0
#include "project/list.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "store/reader.h"

namespace cairn::project {
namespace {

using Kind = store::TreeKind;

ListEntry entry_of(std::string path, const store::TreeEntry& item) {
  ListEntry entry;
  entry.path = std::move(path);
  entry.kind = item.kind;
  entry.id = item.id;
  entry.size = item.size;
  entry.target = item.target;
  if (item.kind == Kind::folder) {
    entry.files = item.files;
  }
  return entry;
}

Error nothing_there(const std::string& path) {
  return {Code::not_found, quoted(path) + " is neither tracked nor in a tracked folder", "cairn ls"};
}

class Lister {
 public:
  Lister(store::Store& store, ListDepth depth) : reader_(store), depth_(depth) {}

  /// A tracked path itself, and with ListDepth::all what is in it.
  Status list_one(const Tracked& tracked) {
    ListEntry entry;
    entry.path = tracked.path;
    entry.declared_in = tracked.declared_in;
    entry.id = tracked.object.id;
    entry.size = tracked.object.size;
    if (tracked.object.family == store::Family::blob) {
      entry.kind = tracked.executable ? Kind::executable : Kind::file;
      out_.push_back(std::move(entry));
      return {};
    }
    entry.kind = Kind::folder;
    Result<store::Tree> tree = reader_.read_tree(entry.id);
    if (tree.ok()) {
      entry.files = tree->total_files();
    } else if (tree.error().code() != Code::not_found || depth_ == ListDepth::all) {
      return explained(std::move(tree.error()), tracked.path);
    }
    out_.push_back(std::move(entry));
    return depth_ == ListDepth::all ? list_content(*tree, tracked.path) : Status();
  }

  /// What is at `inner` ("" for all of it) in a tracked folder.
  Status list_inside(const Tracked& tracked, std::string_view inner) {
    CAIRN_TRY_ASSIGN(store::Tree tree, read(tracked.object.id, tracked.path));
    std::string path = tracked.path;
    for (const std::string_view part :
         inner.empty() ? std::vector<std::string_view>() : os::parts_of(inner)) {
      const store::TreeEntry* const item = tree.find(part);
      path = os::join(path, part);
      if (item == nullptr) {
        return nothing_there(path);
      }
      if (item->kind != Kind::folder) {
        if (path != os::join(tracked.path, inner)) {
          return nothing_there(os::join(tracked.path, inner));
        }
        out_.push_back(entry_of(path, *item));
        return {};
      }
      CAIRN_TRY_ASSIGN(store::Tree next, read(item->id, path));
      tree = std::move(next);
    }
    return list_content(tree, path);
  }

  std::vector<ListEntry> finish() { return std::move(out_); }

 private:
  Status list_content(const store::Tree& tree, const std::string& path) {
    for (const store::TreeEntry& item : tree.entries) {
      out_.push_back(entry_of(os::join(path, item.name), item));
      if (depth_ == ListDepth::all && item.kind == Kind::folder) {
        const std::string inner = os::join(path, item.name);
        CAIRN_TRY_ASSIGN(const store::Tree below, read(item.id, inner));
        CAIRN_TRY(list_content(below, inner));
      }
    }
    return {};
  }

  Result<store::Tree> read(const store::Id& id, const std::string& path) {
    Result<store::Tree> tree = reader_.read_tree(id);
    return tree.ok() ? std::move(tree) : Result<store::Tree>(explained(std::move(tree.error()), path));
  }

  static Error explained(Error error, const std::string& path) {
    if (error.code() != Code::not_found) {
      return error.with_context(quoted(path));
    }
    return {Code::not_found, "the list of files in " + quoted(path) + " is not in the local store",
            "cairn fetch " + escaped(path)};
  }

  store::Reader reader_;
  ListDepth depth_;
  std::vector<ListEntry> out_;
};

}  // namespace

Result<std::vector<ListEntry>> list_tracked(Workspace& workspace, const std::vector<Tracked>& tracked,
                                            const std::string& path, ListDepth depth) {
  CAIRN_TRY_ASSIGN(store::Store* const store, workspace.store());
  Lister lister(*store, depth);
  bool found = path.empty();
  for (const Tracked& one : tracked) {
    const bool is_tree = one.object.family == store::Family::tree;
    if (is_tree && os::is_within(path, one.path)) {
      const std::size_t prefix = std::min(path.size(), one.path.size() + 1);
      CAIRN_TRY(lister.list_inside(one, std::string_view(path).substr(prefix)));
      found = true;
    } else if (os::is_within(one.path, path)) {
      CAIRN_TRY(lister.list_one(one));
      found = true;
    }
  }
  if (!found) {
    return nothing_there(path);
  }
  return lister.finish();
}

}  // namespace cairn::project
