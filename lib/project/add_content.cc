// SPDX-License-Identifier: Apache-2.0
#include "project/add_content.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/apply_listing.h"

namespace cairn::project {
namespace {

bool is_file(const ScannedFile& file) {
  return file.kind == store::TreeKind::file || file.kind == store::TreeKind::executable;
}

class ItemReader {
 public:
  ItemReader(Workspace& workspace, const ReadOptions& options, const Context& context)
      : workspace_(workspace), options_(options), context_(context) {}

  Status run(std::vector<RecordItem>& items) {
    std::vector<RecordItem*> readable;
    for (RecordItem& item : items) {
      CAIRN_TRY(context_.check_stop());
      scan(item);
      if (!item.error && item.scan) {
        readable.push_back(&item);
      }
    }
    start_progress(readable);
    CAIRN_TRY(readable.size() == 1 ? read_one(*readable.front()) : read_all(readable));
    for (RecordItem* item : readable) {
      if (!item->error) {
        CAIRN_TRY_ASSIGN(item->summary, summarize(*item->scan, options_.writer));
      }
    }
    return {};
  }

 private:
  void scan(RecordItem& item) {
    if (item.error) {
      return;
    }
    Result<std::optional<Scan>> scanned = scan_path(workspace_, item.path, context_);
    if (!scanned.ok()) {
      item.fail(scanned.error());
      return;
    }
    item.scan = std::move(*scanned);
    if (!item.scan) {
      return;
    }
    if (!item.scan->errors.empty()) {
      item.fail(item.scan->errors.front());
      return;
    }
    for (ScannedFile& file : item.scan->files) {
      if (options_.force) {
        file.id.reset();
      }
    }
    for (const std::string& name : item.scan->unportable) {
      item.warnings.emplace_back(Code::unsupported,
                                 quoted(name) + " is a name that Windows or macOS cannot hold");
    }
  }

  void start_progress(const std::vector<RecordItem*>& items) {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    for (const RecordItem* item : items) {
      for (const ScannedFile& file : item->scan->files) {
        if (is_file(file) && !file.id) {
          bytes += file.stat.size;
          ++files;
        }
      }
    }
    // Hashing alone counts its own totals.
    context_.progress.start("add", options_.writer != nullptr ? bytes : 0,
                            options_.writer != nullptr ? files : 0);
  }

  Status read(const std::string& path, Scan& scan) {
    return options_.writer != nullptr ? store_files(workspace_, path, scan, *options_.writer, context_)
                                      : hash_files(workspace_, path, scan, context_);
  }

  Status read_one(RecordItem& item) {
    CAIRN_TRY(read(item.path, *item.scan));
    check(item, item.scan->errors);
    return {};
  }

  /// As one scan of the whole project, so that small files of all items are read together.
  Status read_all(const std::vector<RecordItem*>& items) {
    Scan all;
    all.kind = os::Kind::folder;
    for (RecordItem* item : items) {
      for (const ScannedFile& file : item->scan->files) {
        all.files.push_back(file);
        all.files.back().path = path_of(item->path, file.path);
      }
    }
    // Items come sorted and none is inside another, but "a-b" and "a/x" are in another order as whole paths.
    std::sort(all.files.begin(), all.files.end(),
              [](const ScannedFile& a, const ScannedFile& b) { return a.path < b.path; });
    CAIRN_TRY(read("", all));
    for (RecordItem* item : items) {
      give_back(all, *item);
      check(*item, all.errors);
    }
    return {};
  }

  static void give_back(const Scan& all, RecordItem& item) {
    for (ScannedFile& file : item.scan->files) {
      const std::string full = path_of(item.path, file.path);
      const auto it = std::lower_bound(all.files.begin(), all.files.end(), full,
                                       [](const ScannedFile& a, const std::string& b) { return a.path < b; });
      if (it != all.files.end() && it->path == full) {
        file.kind = it->kind;
        file.stat = it->stat;
        file.id = it->id;
      }
    }
  }

  static void check(RecordItem& item, const std::vector<Error>& errors) {
    for (const ScannedFile& file : item.scan->files) {
      if (is_file(file) && !file.id) {
        item.fail(error_about(errors, path_of(item.path, file.path)));
        return;
      }
    }
  }

  Workspace& workspace_;
  const ReadOptions& options_;
  const Context& context_;
};

}  // namespace

Status read_items(Workspace& workspace, std::vector<RecordItem>& items, const ReadOptions& options,
                  const Context& context) {
  return ItemReader(workspace, options, context).run(items);
}

}  // namespace cairn::project
