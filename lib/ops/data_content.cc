// SPDX-License-Identifier: Apache-2.0
#include "ops/data_content.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "codec/chunker.h"
#include "codec/hash.h"
#include "os/fd.h"
#include "report/blob_source.h"

namespace cairn::ops {
namespace {

using report::ByteSource;
using Source = std::unique_ptr<ByteSource>;

/// A file of the workspace; an error where it changes meanwhile.
class FileSource : public ByteSource {
 public:
  FileSource(os::Fd file, os::FileStat stat, std::string path)
      : file_(std::move(file)), stat_(stat), path_(std::move(path)), bytes_(kPart) {}

  Result<Bytes> next() override {
    CAIRN_TRY_ASSIGN(const std::size_t read, os::read_at(file_.get(), bytes_, at_, path_));
    at_ += read;
    if (read == 0) {
      CAIRN_TRY_ASSIGN(const os::FileStat now, os::stat_fd(file_.get(), path_));
      if (at_ != stat_.size || now.mtime_ns != stat_.mtime_ns || now.inode != stat_.inode) {
        return Error(Code::conflict, quoted(path_) + " changed while it was read", "run the command again");
      }
    }
    return Bytes(bytes_).first(read);
  }

 private:
  static constexpr std::size_t kPart = 256u << 10;
  os::Fd file_;
  os::FileStat stat_;
  std::string path_;
  std::uint64_t at_ = 0;
  Buffer bytes_;
};

/// Text that it owns.
class TextSource : public ByteSource {
 public:
  explicit TextSource(std::shared_ptr<const std::string> text) : text_(std::move(text)), source_(*text_) {}
  Result<Bytes> next() override { return source_.next(); }

 private:
  std::shared_ptr<const std::string> text_;
  report::MemorySource source_;
};

/// A blob with the reader that it needs.
class StoredSource : public ByteSource {
 public:
  static Result<Source> open(store::Store& store, const store::Id& id) {
    auto reader = std::make_unique<store::Reader>(store);
    CAIRN_TRY_ASSIGN(report::BlobSource blob, report::BlobSource::open(*reader, id));
    return Source(new StoredSource(std::move(reader), std::move(blob)));
  }
  Result<Bytes> next() override { return blob_.next(); }

 private:
  StoredSource(std::unique_ptr<store::Reader> reader, report::BlobSource blob)
      : reader_(std::move(reader)), blob_(std::move(blob)) {}
  std::unique_ptr<store::Reader> reader_;
  report::BlobSource blob_;
};

Result<DataContent> workspace_content(project::Workspace& workspace, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto stat, workspace.files().find_stat(path));
  if (!stat || stat->kind != os::Kind::file) {
    return Error(Code::not_found, fmt::format("there is no file {} here", quoted(path)));
  }
  return DataContent{stat->size,
                     [&workspace, path, stat = *stat]() -> Result<Source> {
                       CAIRN_TRY_ASSIGN(os::Fd file, workspace.files().open_at(path, O_RDONLY));
                       return Source(std::make_unique<FileSource>(std::move(file), stat, path));
                     },
                     std::nullopt};
}

DataContent text_content(std::string text) {
  const auto shared = std::make_shared<const std::string>(std::move(text));
  return {shared->size(),
          [shared]() -> Result<Source> { return Source(std::make_unique<TextSource>(shared)); },
          std::nullopt};
}

Result<DataContent> stored_content(project::Workspace& workspace, const store::Id& id) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  store::Reader reader(*store);
  CAIRN_TRY_ASSIGN(const report::BlobSource blob, report::BlobSource::open(reader, id));
  return DataContent{blob.size(), [store, id] { return StoredSource::open(*store, id); }, id};
}

}  // namespace

Result<DataContent> find_data_content(project::Workspace& workspace, ValueReader& reader,
                                      const ChosenRevision& revision, const std::string& path) {
  if (!revision.commit) {
    return workspace_content(workspace, path);
  }
  CAIRN_TRY_ASSIGN(const ValueReader::Look look, reader.look(revision));
  CAIRN_TRY_ASSIGN(const auto name, look.snapshot->content_name(path));
  if (name) {
    CAIRN_TRY_ASSIGN(std::string text, look.snapshot->read(path, *name));
    return text_content(std::move(text));
  }
  CAIRN_TRY_ASSIGN(const auto id, reader.find_kept(look, path));
  if (!id) {
    return Error(Code::not_found, fmt::format("{} has no file {}", escaped(revision.name), quoted(path)));
  }
  auto content = stored_content(workspace, *id);
  if (!content.ok() && content.error().code() == Code::not_found) {
    return Error(Code::not_found, quoted(path) + " is not here", look.snapshot->fetch_hint(path));
  }
  return content;
}

Result<std::vector<store::Piece>> content_pieces(project::Workspace& workspace, const DataContent& content) {
  if (content.blob) {
    CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
    return store::Reader(*store).read_pieces(store::Family::blob, *content.blob);
  }
  CAIRN_TRY_ASSIGN(const Source source, content.open());
  report::ByteCursor cursor(*source);
  const codec::Chunker chunker;
  std::vector<store::Piece> pieces;
  Buffer ahead;
  while (true) {
    CAIRN_TRY_ASSIGN(const Buffer more, cursor.read(codec::kChunkSizes.max - ahead.size()));
    append(ahead, more);
    if (ahead.empty()) {
      return pieces;
    }
    const std::size_t size = chunker.next(ahead);
    pieces.push_back({codec::hash(Bytes(ahead).first(size)), size});
    ahead.erase(ahead.begin(), ahead.begin() + static_cast<std::ptrdiff_t>(size));
  }
}

}  // namespace cairn::ops
