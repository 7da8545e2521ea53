// SPDX-License-Identifier: Apache-2.0
#include "remote/remote.h"

#include "base/escape.h"
#include "os/file.h"
#include "remote/layout.h"

namespace cairn::remote {
namespace {

constexpr std::uint64_t kFormatLimit = 4096;

std::string remotes_folder(const store::StorePaths& store) {
  return store.root + "/remotes";
}

/// Where the id of the remote at a place is kept.
std::string known_path(const transport::Transport& transport, const store::StorePaths& store) {
  return remotes_folder(store) + "/known/" + codec::hash(as_bytes(transport.describe())).hex();
}

struct Found {
  std::optional<Buffer> format;
  std::optional<Buffer> known;  ///< the id of the remote that was there before
};

/// What the place holds, and what this machine knows of it. `remote` when what was there before is gone.
Result<Found> find_format(transport::Transport& transport, const std::string& name,
                          const std::string& known_path) {
  Found found;
  CAIRN_TRY_ASSIGN(found.known, os::find_file(known_path, kFormatLimit));
  CAIRN_TRY_ASSIGN(found.format, transport::find_object(transport, std::string(kFormatName), kFormatLimit));
  if (!found.format && found.known) {
    return Error(
        Code::remote,
        transport.describe() + " is gone, or not the one that was used before: it has no file 'format'",
        "mount or restore it; to start it anew: cairn remote remove " + name + ", then cairn remote add " +
            name + " URL");
  }
  return found;
}

/// The remote's id, out of its file 'format'.
Result<std::string> read_id(const transport::Transport& transport, const std::string& name,
                            const Buffer& format) {
  auto id = decode_format(as_text(format));
  if (id.ok() || id.error().code() == Code::unsupported) {
    return id;
  }
  return Error(Code::remote,
               transport.describe() + " is not a cairn remote: its file 'format' is something else",
               "give the remote a place of its own: cairn remote remove " + name +
                   ", then cairn remote add " + name + " URL");
}

}  // namespace

std::string Remote::describe() const {
  return "remote " + quoted(name_) + " (" + transport_->describe() + ")";
}

Result<Remote> Remote::open(std::unique_ptr<transport::Transport> transport, std::string name,
                            const store::StorePaths& store, Purpose purpose, Log& log) {
  Remote remote(std::move(transport), std::move(name));
  Status opened = remote.read_or_make_format(known_path(*remote.transport_, store), purpose, log);
  if (!opened.ok()) {
    return opened.error().with_context("remote " + quoted(remote.name_));
  }
  remote.cache_ = remotes_folder(store) + "/" + remote.id_;
  CAIRN_TRY(os::make_folders(remote.cache_));
  return remote;
}

Status Remote::read_or_make_format(const std::string& known_path, Purpose purpose, Log& log) {
  CAIRN_TRY_ASSIGN(Found found, find_format(*transport_, name_, known_path));
  std::optional<Buffer>& format = found.format;
  const std::optional<Buffer>& known = found.known;
  if (!format) {
    CAIRN_TRY(start(purpose));
    CAIRN_TRY_ASSIGN(format, transport::find_object(*transport_, std::string(kFormatName), kFormatLimit));
  }
  CAIRN_TRY(adopt(format.value_or(Buffer())));
  if (known && as_text(*known) != id_) {
    log.warn("remote " + quoted(name_) + " is another one than before; what was known of it is dropped");
  }
  CAIRN_TRY(os::make_folders(known_path.substr(0, known_path.rfind('/'))));
  CAIRN_TRY_ASSIGN([[maybe_unused]] bool written, os::write_if_changed(known_path, as_bytes(id_)));
  return {};
}

Status Remote::start(Purpose purpose) {
  if (purpose == Purpose::read) {
    return Error(Code::remote, "nothing was pushed to " + transport_->describe() + " yet",
                 "cairn push -r " + name_);
  }
  CAIRN_TRY(transport_->prepare());
  CAIRN_TRY_ASSIGN(auto objects, transport_->list(""));
  std::erase_if(objects,
                [](const transport::ObjectInfo& one) { return one.name.starts_with(kProbesPrefix); });
  bool ours = !objects.empty() && objects.front().name == kFormatName;  // another first push was faster
  if (!objects.empty() && !ours) {
    return Error(Code::remote,
                 transport_->describe() + " is not a cairn remote: it holds " + quoted(objects.front().name) +
                     " but no file 'format'",
                 "give the remote a place of its own: cairn remote remove " + name_ +
                     ", then cairn remote add " + name_ + " URL");
  }
  std::string text = encode_format(os::random_name() + os::random_name());
  transport::BytesSource source(as_bytes(text));
  return transport_->put_if_absent(std::string(kFormatName), source);
}

Status Remote::adopt(const Buffer& format) {
  CAIRN_TRY_ASSIGN(id_, read_id(*transport_, name_, format));
  return {};
}

Result<bool> is_used(transport::Transport& transport, const std::string& name,
                     const store::StorePaths& store) {
  CAIRN_TRY_ASSIGN(const Found found, find_format(transport, name, known_path(transport, store)));
  if (found.format) {
    CAIRN_TRY(read_id(transport, name, *found.format));
  }
  return found.format.has_value();
}

Status forget_remote(const transport::Transport& transport, const store::StorePaths& store) {
  return os::remove_file(known_path(transport, store));
}

}  // namespace cairn::remote
