// SPDX-License-Identifier: Apache-2.0
#include "ops/source_place.h"

#include <algorithm>

#include "base/escape.h"
#include "ops/remote_way.h"
#include "ops/source_url.h"
#include "os/path.h"
#include "project/add_tree.h"
#include "remote/open.h"
#include "store/reader.h"
#include "text/percent.h"
#include "transport/at_once.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kRemote = "remote://";
/// Of a file whose length the server does not tell.
constexpr std::uint64_t kMostOfUnknownLength = std::uint64_t{4} << 30;

/// A URL up to its last part, and that.
struct Split {
  std::string parent;
  std::string name;
  bool folder = false;  ///< it ends with a slash
};

/// Whether the parts of such a URL are percent-encoded.
bool is_encoded(std::string_view url) {
  return url.find("://") != std::string_view::npos && !url.starts_with("s3://") && !url.starts_with(kRemote);
}

Split split(std::string_view url) {
  Split parts;
  while (url.size() > 1 && url.ends_with('/')) {
    url.remove_suffix(1);
    parts.folder = true;
  }
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t slash = url.rfind('/');
  const bool has_host = scheme != std::string_view::npos && !url.starts_with("file://");
  if (slash == std::string_view::npos || slash < begin) {
    parts.parent = has_host ? std::string(url) : ".";
    parts.name = has_host ? "" : url;
    return parts;
  }
  parts.parent = url.substr(0, std::max<std::size_t>(slash, begin + (has_host ? 0 : 1)));
  parts.name = url.substr(slash + 1);
  if (is_encoded(url)) {
    parts.name = text::percent_decoded(parts.name).value_or("");
  }
  return parts;
}

Error names_nothing(const std::string& url) {
  return {
      Code::usage, quoted(shown_url(url)) + " names no file or folder",
      "cairn import-url https://HOST/PATH, or s3://BUCKET/KEY, ssh://HOST/PATH, remote://NAME/PATH, a path"};
}

/// Buckets may hold "a" beside "a/b"; folders cannot.
Status check_no_file_holds_files(const project::TreeEdits& entries) {
  for (const auto& [path, entry] : entries) {
    for (std::string_view outer = os::parent_of(path); !outer.empty(); outer = os::parent_of(outer)) {
      if (entries.contains(std::string(outer))) {
        return Error(Code::conflict,
                     quoted(outer) + " is a file there, and a folder that holds " + quoted(path),
                     "import them one by one");
      }
    }
  }
  return {};
}

}  // namespace

Result<SourcePlace> SourcePlace::find(project::Workspace& workspace, const std::string& url,
                                      const Context& context) {
  SourcePlace place(url);
  Status found = place.open(workspace, context);
  if (found.ok()) {
    found = place.look(context);
  }
  return found.ok() ? Result(std::move(place)) : found.error();
}

Status SourcePlace::open(project::Workspace& workspace, const Context& context) {
  const Split parts = split(url_);
  if (url_.starts_with("exec:") || url_.starts_with("rclone:")) {
    return Error(Code::usage, "an import starts no program: " + quoted(shown_url(url_)),
                 "cairn remote add --local NAME URL, then cairn import-url remote://NAME/PATH");
  }
  const bool by_remote = parts.parent.starts_with(kRemote);
  const std::string below = by_remote ? parts.parent.substr(kRemote.size()) : "";
  const std::size_t slash = below.find('/');
  name_ = slash == std::string::npos ? parts.name : os::join(below.substr(slash + 1), parts.name);
  if (!os::check_relative(name_).ok()) {
    return names_nothing(url_);
  }
  folder_only_ = parts.folder;
  if (by_remote) {
    CAIRN_TRY_ASSIGN(RemoteWay way, find_way(workspace, below.substr(0, slash), context));
    transport_ = std::move(way.transport);
    return {};
  }
  CAIRN_TRY_ASSIGN(transport_,
                   remote::open_transport({"NAME", parts.parent, {}, workspace.paths().root, &context.stop}));
  return {};
}

Result<transport::ObjectState> SourcePlace::state_of(const std::string& name) {
  CAIRN_TRY_ASSIGN(auto state, transport_->find_state(name));
  return state ? Result(std::move(*state))
               : Error(Code::not_found, quoted(name) + " is not in " + transport_->describe());
}

Status SourcePlace::look(const Context& context) {
  const bool lists = transport_->capabilities().list;
  Result<std::optional<transport::ObjectState>> state = std::optional<transport::ObjectState>();
  if (!folder_only_) {
    state = transport_->find_state(name_);
    if (state.ok() && *state) {
      files_ = {{"", std::move(**state)}};
      return {};
    }
    if (!state.ok() && !lists) {  // else it may be a folder, which some servers refuse to speak of
      return state.error();
    }
  }
  if (lists) {
    CAIRN_TRY(look_into_folder(context));
  }
  if (!files_.empty()) {
    return {};
  }
  if (!state.ok()) {
    return state.error();
  }
  return Error(
      Code::not_found, quoted(name_) + " is not in " + transport_->describe(),
      lists ? "check the address" : "check the address; of a web server only single files are imported");
}

Status SourcePlace::look_into_folder(const Context& context) {
  const std::string prefix = name_ + "/";
  CAIRN_TRY_ASSIGN(const auto listed, transport_->list(prefix));
  files_.resize(listed.size());
  is_folder_ = true;
  return transport::each_at_once(listed.size(), context, [&](std::size_t i) -> Status {
    CAIRN_TRY(context.check_stop());
    files_[i].path = listed[i].name.substr(prefix.size());
    CAIRN_TRY(os::check_relative(files_[i].path));
    CAIRN_TRY_ASSIGN(files_[i].state, state_of(listed[i].name));
    return {};
  });
}

std::string SourcePlace::name_of(const SourceFile& file) const {
  return file.path.empty() ? name_ : os::join(name_, file.path);
}

/// An endless body ends here, not when the disk is full.
Status SourcePlace::read(const SourceFile& file, const transport::Sink& sink) {
  const std::uint64_t limit = file.state.size != 0 ? file.state.size : kMostOfUnknownLength;
  std::uint64_t done = 0;
  const auto wrong = [&](const std::string& what) {
    return Error(Code::remote, quoted(name_of(file)) + " of " + transport_->describe() + " " + what,
                 "try again");
  };
  CAIRN_TRY(transport_->get(name_of(file), std::nullopt, [&](Bytes piece) -> Status {
    if (piece.size() > limit - done) {
      return wrong("is longer than " + std::to_string(limit) + " bytes");
    }
    done += piece.size();
    return sink(piece);
  }));
  return file.state.size == 0 || done == limit
             ? Status()
             : Status(wrong("has " + std::to_string(done) + " bytes, not " + std::to_string(limit)));
}

Status SourcePlace::check_unchanged(const Context& context) {
  return transport::each_at_once(files_.size(), context, [&](std::size_t i) -> Status {
    CAIRN_TRY_ASSIGN(const transport::ObjectState now, state_of(name_of(files_[i])));
    return now == files_[i].state ? Status()
                                  : Status(Error(Code::conflict,
                                                 quoted(name_of(files_[i])) + " of " +
                                                     transport_->describe() + " changed while it was read",
                                                 "run the command again"));
  });
}

Result<project::Pointer> SourcePlace::bring(project::Workspace& workspace, Keep keep,
                                            const Context& context) {
  CAIRN_TRY_ASSIGN(store::Writer writer, workspace.open_writer(context));
  std::uint64_t size = 0;
  for (const SourceFile& file : files_) {
    size += file.state.size;
  }
  context.progress.start("import", size, files_.size());
  std::vector<store::StreamTask> tasks(files_.size());
  for (std::size_t i = 0; i < files_.size(); ++i) {
    tasks[i].read = [this, i](const transport::Sink& sink) { return read(files_[i], sink); };
  }
  CAIRN_TRY(writer.put_streams(tasks));
  project::TreeEdits entries;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].error) {
      return *tasks[i].error;
    }
    store::TreeEntry entry;
    entry.id = tasks[i].id;
    entry.size = tasks[i].size;
    entries.emplace(files_[i].path, std::move(entry));
  }
  CAIRN_TRY(check_unchanged(context));
  store::TreeEntry whole = entries.begin()->second.value();
  if (is_folder_) {
    CAIRN_TRY(check_no_file_holds_files(entries));
    CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
    store::Reader reader(*store);
    CAIRN_TRY_ASSIGN(whole, project::edit_tree(reader, std::nullopt, entries, &writer));
  }
  if (keep == Keep::yes) {
    CAIRN_TRY(writer.commit());
  }
  project::Pointer pointer;
  pointer.object = {is_folder_ ? store::Family::tree : store::Family::blob, whole.id, whole.size};
  pointer.files = is_folder_ ? whole.files : 0;
  pointer.source = record_state(url_, state());
  return pointer;
}

std::string name_of_source(const std::string& url) {
  return split(url).name;
}

}  // namespace cairn::ops
