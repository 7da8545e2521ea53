// SPDX-License-Identifier: Apache-2.0
#include "sftp/upload.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "sftp/listing.h"
#include "sftp/transfer.h"

namespace cairn::sftp {
namespace {

/// What a killed writer left in `tmp/` is removed after this time; a live one writes all the while.
constexpr std::uint32_t kLeftoverAge_s = 24 * 3600;

/// A file in `tmp/` of the server, removed at the end unless it got its name.
class Temporary {
 public:
  Temporary(Session& session, const std::string& folder)
      : session_(session), path_(os::join(os::join(folder, kTemporary), os::random_name())) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!path_.empty()) {
      (void)remove_file(session_, path_);
    }
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  Session& session_;
  std::string path_;
};

/// Makes the file, and `tmp/` if that is missing; but not the remote's folder.
Result<Handle> make_file(Session& session, const std::string& path) {
  auto file = open_file(session, path, OpenMode::create_new);
  if (file.ok() || file.error().code() != Code::not_found) {
    return file;
  }
  const std::string folder(os::parent_of(path));
  const Status made = make_folder(session, folder);
  if (!made.ok() && made.error().code() == Code::not_found) {
    return Error(Code::remote, "the folder " + quoted(os::parent_of(folder)) + " is not there");
  }
  return open_file(session, path, OpenMode::create_new);  // says what is wrong, if it is still
}

/// The folder of a path, made if it is missing; nothing where the server opens no folders, which it need not.
Result<std::optional<Handle>> open_folder_of(Session& session, const std::string& path) {
  const std::string folder(os::parent_of(path));
  if (auto opened = open_file(session, folder, OpenMode::read); opened.ok()) {
    return std::optional(std::move(*opened));
  } else if (opened.error().code() != Code::not_found) {
    return std::optional<Handle>();
  }
  CAIRN_TRY(make_folders(session, folder));
  auto made = open_file(session, folder, OpenMode::read);
  return made.ok() ? std::optional(std::move(*made)) : std::nullopt;
}

Status rename(Session& session, const std::string& from, const std::string& to, Taken taken) {
  CAIRN_TRY_ASSIGN(const std::optional<Handle> folder, open_folder_of(session, to));
  if (taken == Taken::replace && !session.offers(std::string(kPosixRename))) {
    return Error(Code::remote, "the server cannot replace a file: it lacks " + std::string(kPosixRename),
                 "use a server of OpenSSH");
  }
  Answer renamed = taken == Taken::replace ? send_replace(session, from, to)
                                           : session.send(Request(Type::rename).text(from).text(to));
  std::optional<Answer> synced;
  if (folder && session.offers(std::string(kFsync))) {
    synced = send_sync(session, *folder);  // a server does one after the other
  }
  const Status done = wait_for_ok(std::move(renamed), "cannot rename to", to);
  if (!done.ok()) {
    const auto there =
        taken == Taken::keep ? find_attributes(session, to) : Result(std::optional<Attributes>());
    return there.ok() && *there ? Error(Code::exists, quoted(to) + " is there") : done;
  }
  if (synced) {
    (void)wait_for_ok(std::move(*synced), "cannot sync the folder of", to);  // not every file system can
  }
  return {};
}

/// SFTP has no word for a full disk, so look.
Error explain_full(Session& session, const std::string& folder, std::uint64_t wanted, const Error& error) {
  const auto free = error.code() == Code::remote ? find_free_space(session, folder) : std::nullopt;
  if (!free || free->bytes >= wanted) {
    return error;
  }
  return {Code::remote,
          "the disk of the server is full: " + std::to_string(free->bytes) + " bytes are free, and " +
              std::to_string(wanted) + " are to be written",
          "free some space there, then do the same again: it goes on where it stopped"};
}

}  // namespace

Status upload(Session& session, const std::string& folder, const std::string& name, transport::Source& source,
              Taken taken) {
  Temporary temporary(session, folder);
  CAIRN_TRY_ASSIGN(Handle file, make_file(session, temporary.path()));
  const Status written = write_file(session, std::move(file), temporary.path(), source);
  if (!written.ok()) {
    return explain_full(session, folder, source.size(), written.error());
  }
  CAIRN_TRY(rename(session, temporary.path(), os::join(folder, name), taken));
  temporary.keep();
  return {};
}

void clear_leftovers(Session& session, const std::string& folder) {
  const std::string place = os::join(folder, kTemporary);
  const auto files = list_files(session, place, {""}, "");
  if (!files.ok() || files->empty()) {
    return;
  }
  // A file that is written now has the server's time.
  Temporary now(session, folder);
  const auto made = make_file(session, now.path());
  const auto attributes =
      made.ok() ? find_attributes(session, now.path()) : Result(std::optional<Attributes>());
  if (!attributes.ok() || !*attributes || !(*attributes)->mtime) {
    return;
  }
  for (const ListedFile& file : *files) {
    if (file.mtime + std::uint64_t{kLeftoverAge_s} < *(*attributes)->mtime) {
      (void)remove_file(session, os::join(place, file.name));
    }
  }
}

}  // namespace cairn::sftp
