// SPDX-License-Identifier: Apache-2.0
#include "sftp/sftp.h"

#include <algorithm>
#include <random>
#include <thread>

#include "base/escape.h"
#include "os/foreground.h"
#include "os/path.h"
#include "sftp/ssh.h"
#include "sftp/transfer.h"
#include "transport/answers.h"
#include "transport/watched_source.h"

namespace cairn::sftp {
namespace {

using std::chrono::milliseconds;

constexpr int kReconnects = 2;
constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLook{50};

}  // namespace

Error SftpTransport::failure(const Error& error) const {
  if (error.code() == Code::interrupted) {
    return error;
  }
  std::string hint = error.hint();
  if (hint.empty()) {
    hint = "see what is there: ssh " + address_.ssh_arguments() + " ls -la " + escaped(address_.folder);
  }
  return {Code::remote, describe() + ": " + error.message(), std::move(hint)};
}

Result<std::shared_ptr<Session>> SftpTransport::session() {
  std::lock_guard lock(mutex_);
  if (!session_ || session_->lost()) {
    const bool ask = os::can_ask();
    CAIRN_TRY_ASSIGN(
        session_,
        Session::open({ssh_command(connecting_.program, address_, ask), ask, connecting_.stall_limit, stop_,
                       [this](std::string_view said) { return explain_ssh(said, address_); }}));
  }
  return session_;
}

/// Waits before a connection is tried again: longer each time, and never in step with others.
Status SftpTransport::pause(int attempt) const {
  std::minstd_rand random(std::random_device{}());
  milliseconds left = kFirstPause * (1 << attempt);
  left += milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, left.count())(random));
  for (; left.count() > 0; left -= kLook) {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) {
      return Error(Code::interrupted, "stopped");
    }
    std::this_thread::sleep_for(kLook);
  }
  return {};
}

template <class Call>
auto SftpTransport::attempt(Call call) -> decltype(call(std::declval<Session&>())) {
  for (int attempt = 0;; ++attempt) {
    auto opened = session();
    if (!opened.ok()) {
      return failure(opened.error());
    }
    auto result = call(**opened);
    if (result.ok() || !(*opened)->lost() || attempt == kReconnects) {
      return result;
    }
    CAIRN_TRY(pause(attempt));
  }
}

Status SftpTransport::prepare() {
  return attempt([this](Session& session) -> Status {
    Status made = make_folders(session, address_.folder);
    return made.ok() ? made : Status(failure(made.error()));
  });
}

Status SftpTransport::get(const std::string& name, std::optional<transport::Range> range,
                          const transport::Sink& sink) {
  ReadPlan plan;
  if (range) {
    plan.offset = range->offset;
    plan.size = range->size;
  }
  Status sink_error;
  const auto watched = [&](Bytes piece) { return sink_error = sink(piece); };
  return attempt([&](Session& session) -> Status {
    CAIRN_TRY(Status(sink_error));
    Status done = read_file(session, os::join(address_.folder, name), plan, watched);
    if (done.ok() || !sink_error.ok()) {
      return done;
    }
    return done.error().code() == Code::not_found ? transport::not_there(*this, name) : failure(done.error());
  });
}

Status SftpTransport::put_if_absent(const std::string& name, transport::Source& source) {
  CAIRN_TRY_ASSIGN(auto there, stat(name));
  if (there) {
    return transport::check_taken(*this, name, *there, source.size());
  }
  Status done = put(name, source, Taken::keep);
  if (done.ok() || done.error().code() != Code::exists) {
    return done;
  }
  CAIRN_TRY_ASSIGN(there, stat(name));
  return transport::check_taken(*this, name, there.value_or(0), source.size());
}

Status SftpTransport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  return put(name, source, Taken::replace);
}

Status SftpTransport::put(const std::string& name, transport::Source& source, Taken taken) {
  if (Status allowed = os::check_relative(name); !allowed.ok()) {
    return failure(allowed.error());
  }
  transport::WatchedSource watched(source);
  return attempt([&](Session& session) -> Status {
    if (!cleared_.exchange(true)) {
      clear_leftovers(session, address_.folder);
    }
    Status done = upload(session, address_.folder, name, watched, taken);
    if (!watched.error().ok()) {
      return watched.error();
    }
    return done.ok() || done.error().code() == Code::exists ? done : Status(failure(done.error()));
  });
}

/// What is below some prefixes; no such folder is fine as long as the remote's own is there.
Result<std::vector<ListedFile>> SftpTransport::list_below(Session& session,
                                                          const std::vector<std::string>& prefixes) {
  std::vector<std::string> folders;
  for (const std::string& prefix : prefixes) {
    folders.push_back(prefix.substr(0, prefix.size() - std::min<std::size_t>(1, prefix.size())));
  }
  CAIRN_TRY_ASSIGN(auto files, list_files(session, address_.folder, folders, kTemporary));
  const bool has_read_top = std::ranges::find(folders, "") != folders.end();
  if (files.empty() && !has_read_top) {
    CAIRN_TRY_ASSIGN(const auto root, find_attributes(session, address_.folder));
    if (!root) {
      return Error(Code::remote, "there is no such folder");
    }
  }
  return files;
}

Result<std::vector<transport::ObjectInfo>> SftpTransport::list(const std::string& prefix) {
  return list_all({prefix});
}

Result<std::vector<transport::ObjectInfo>> SftpTransport::list_all(const std::vector<std::string>& prefixes) {
  return attempt([&](Session& session) -> Result<std::vector<transport::ObjectInfo>> {
    auto files = list_below(session, prefixes);
    if (!files.ok()) {
      return failure(files.error());
    }
    std::vector<transport::ObjectInfo> objects;
    for (const ListedFile& file : *files) {
      objects.push_back({file.name, file.size});
    }
    transport::sort_by_name(objects);
    return objects;
  });
}

Result<std::optional<Attributes>> SftpTransport::find_file(const std::string& name) {
  return attempt([&](Session& session) -> Result<std::optional<Attributes>> {
    auto found = find_attributes(session, os::join(address_.folder, name));
    return found.ok() ? std::move(found) : failure(found.error());
  });
}

Result<std::optional<std::uint64_t>> SftpTransport::stat(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto found, find_file(name));
  return found ? found->size : std::nullopt;
}

Result<std::optional<transport::ObjectState>> SftpTransport::find_state(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto found, find_file(name));
  if (!found || found->is_folder()) {
    return std::optional<transport::ObjectState>();
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  transport::ObjectState state =
      transport::file_state(found->size.value_or(0), found->mtime.value_or(0) * kNanoseconds);
  if (!found->mtime) {
    state.modified.clear();
  }
  return std::optional(std::move(state));
}

Status SftpTransport::remove(const std::string& name) {
  return attempt([&](Session& session) -> Status {
    Status removed = remove_file(session, os::join(address_.folder, name));
    return removed.ok() ? removed : Status(failure(removed.error()));
  });
}

}  // namespace cairn::sftp
