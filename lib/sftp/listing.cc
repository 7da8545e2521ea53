// SPDX-License-Identifier: Apache-2.0
#include "sftp/listing.h"

#include <algorithm>
#include <deque>

#include "base/escape.h"
#include "os/path.h"
#include "sftp/calls.h"

namespace cairn::sftp {
namespace {

constexpr std::size_t kFoldersAtOnce = 16;
constexpr std::size_t kRequestsAtOnce = 16;
// What a hostile server cannot get over.
constexpr std::size_t kMostEntries = 4'000'000;
constexpr std::size_t kMostParts = 256;  // of a name, by os::check_relative

class Listing {
 public:
  Listing(Session& session, std::string top, std::string_view skipped)
      : session_(session), top_(std::move(top)), skipped_(skipped) {}

  Result<std::vector<ListedFile>> run(std::vector<std::string> level) {
    for (std::size_t depth = 0; !level.empty(); ++depth) {
      if (depth == kMostParts) {
        return Error(Code::remote, quoted(top_) + " has too many folders inside each other");
      }
      for (std::size_t i = 0; i < level.size(); i += kFoldersAtOnce) {
        const std::size_t end = std::min(level.size(), i + kFoldersAtOnce);
        CAIRN_TRY(read_folders(std::span(level).subspan(i, end - i)));
      }
      level = std::exchange(below_, {});
    }
    return std::move(files_);
  }

 private:
  /// A folder that is being read.
  struct Reading {
    std::string name;
    Handle handle;
    std::deque<Answer> answers;
  };

  Status read_folders(std::span<const std::string> names) {
    std::vector<Answer> opened;
    for (const std::string& name : names) {
      opened.push_back(session_.send(Request(Type::opendir).text(path_of(name))));
    }
    std::vector<Reading> folders;
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto handle = wait_for_handle(session_, std::move(opened[i]), path_of(names[i]));
      if (!handle.ok() && handle.error().code() == Code::not_found && !names[i].empty()) {
        continue;  // it vanished
      }
      if (!handle.ok()) {
        return handle.error();
      }
      folders.push_back({names[i], std::move(*handle), {}});
      for (std::size_t k = 0; k < kRequestsAtOnce; ++k) {
        ask(folders.back());
      }
    }
    for (Reading& folder : folders) {
      CAIRN_TRY(read_rest(folder));
    }
    return {};
  }

  void ask(Reading& folder) {
    folder.answers.push_back(session_.send(Request(Type::readdir).text(folder.handle.id())));
  }

  Status read_rest(Reading& folder) {
    while (true) {
      Answer answer = std::move(folder.answers.front());
      folder.answers.pop_front();
      CAIRN_TRY_ASSIGN(const auto reply, wait_for(std::move(answer), "cannot list", path_of(folder.name)));
      if (!reply) {
        return {};
      }
      CAIRN_TRY_ASSIGN(const auto entries, decode_names(*reply));
      if ((entries_ += entries.size() + 1) > kMostEntries) {
        return Error(Code::remote,
                     quoted(top_) + " holds more than " + std::to_string(kMostEntries) + " files");
      }
      for (const NameEntry& entry : entries) {
        take(os::join(folder.name, entry.name), entry);
      }
      ask(folder);
    }
  }

  void take(const std::string& path, const NameEntry& entry) {
    if (!os::check_name(entry.name).ok() || path == skipped_) {
      return;
    }
    if (entry.attributes.is_folder()) {
      below_.push_back(path);
    } else if (entry.attributes.is_file()) {
      files_.push_back({path, entry.attributes.size.value_or(0), entry.attributes.mtime.value_or(0)});
    }
  }

  [[nodiscard]] std::string path_of(const std::string& name) const {
    return name.empty() ? top_ : os::join(top_, name);
  }

  Session& session_;
  std::string top_;
  std::string_view skipped_;
  std::vector<ListedFile> files_;
  std::vector<std::string> below_;
  std::size_t entries_ = 0;
};

}  // namespace

Result<std::vector<ListedFile>> list_files(Session& session, const std::string& top,
                                           std::vector<std::string> folders, std::string_view skipped) {
  return Listing(session, top, skipped).run(std::move(folders));
}

}  // namespace cairn::sftp
