// SPDX-License-Identifier: Apache-2.0
#include "rclone/rclone.h"

#include <algorithm>

#include "base/escape.h"
#include "http/download.h"
#include "os/file.h"
#include "os/path.h"
#include "rclone/answer.h"
#include "rclone/upload_form.h"
#include "text/percent.h"
#include "transport/answers.h"
#include "transport/watched_source.h"

namespace cairn::rclone {
namespace {

using transport::ObjectInfo;
using transport::Range;

constexpr const char* kFs = Daemon::kFs;
constexpr std::string_view kTemporary = "tmp";
/// rclone itself tries most requests again; what fails here is a stream, or rclone.
constexpr http::RetryLimits kRetries = {.attempts = 3};
constexpr std::chrono::milliseconds kEndNoticed{500};
constexpr std::string_view kOptions = R"({"noModTime":true,"noMimeType":true,"filesOnly":true})";
constexpr std::string_view kWithTime = R"({"noMimeType":true,"filesOnly":true})";
constexpr std::string_view kRecursive =
    R"({"noModTime":true,"noMimeType":true,"filesOnly":true,"recurse":true})";

/// One attempt each: another one may need another rclone.
http::ClientOptions client_options(const std::atomic<bool>* stop) {
  http::ClientOptions options;
  options.proxies = false;
  options.stop = stop;
  options.stall_limit = std::chrono::minutes(5);  // rclone has its own limit, of 2 minutes, and tries again
  options.retry.attempts = 1;
  options.retry.brief_attempts = 1;
  return options;
}

std::string query_text(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string text;
  for (const auto& [key, value] : query) {
    text += (text.empty() ? "?" : "&") + key + "=" + text::percent_encoded(value);
  }
  return text;
}

http::Request request(const Daemon& daemon, const std::string& method, const std::string& path) {
  http::Request made;
  made.method = method;
  made.url = daemon.url() + path;
  made.headers = {{"Authorization", daemon.authorization()}};
  return made;
}

}  // namespace

Result<std::unique_ptr<RcloneTransport>> RcloneTransport::open(const transport::Place& place) {
  CAIRN_TRY_ASSIGN(Address address, parse_address(place.url));
  return std::make_unique<RcloneTransport>(std::move(address), place.stop);
}

RcloneTransport::RcloneTransport(Address address, const std::atomic<bool>* stop,
                                 std::vector<std::string> program)
    : address_(std::move(address)),
      stop_(stop),
      program_(std::move(program)),
      client_(client_options(stop)) {}

Error RcloneTransport::failure(const Error& error, const std::string& name) const {
  if (error.code() != Code::remote) {
    return error;
  }
  const std::string object = name.empty() ? "" : ": " + quoted(name);
  return {Code::remote, describe() + object + ": " + error.message(),
          error.hint().empty() ? "see what rclone says: rclone lsd " + quoted(address_.shown) : error.hint()};
}

Error RcloneTransport::refusal(const http::Response& response, const std::string& name) const {
  const std::string words = words_of(response);
  if (words.find("didn't find section in config file") != std::string::npos) {
    return failure(Error(Code::remote, "rclone has no remote of that name",
                         "rclone listremotes shows those that it has, rclone config makes one"),
                   "");
  }
  return failure(
      Error(Code::remote, words.empty() ? "rclone answers with status " + std::to_string(response.status)
                                        : "rclone says: " + words),
      name);
}

Result<std::shared_ptr<Daemon>> RcloneTransport::daemon() {
  const std::lock_guard lock(mutex_);
  if (!daemon_ || daemon_->end()) {
    CAIRN_TRY_ASSIGN(daemon_, Daemon::start(program_, address_.place, stop_));
  }
  return daemon_;
}

Result<http::Response> RcloneTransport::repeat(const Exchange& exchange, const Status* own) {
  http::Retry retry(kRetries, stop_);
  while (true) {
    CAIRN_TRY_ASSIGN(const auto running, daemon());
    auto answer = exchange(*running);
    const bool is_final = answer.ok() ? answer->status < 500 : answer.error().code() != Code::remote;
    if (is_final || (own != nullptr && !own->ok())) {
      return answer;
    }
    // That its connection broke is known a little earlier than that it has ended.
    const auto end = answer.ok() ? std::nullopt : running->end(kEndNoticed);
    CAIRN_TRY_ASSIGN(const bool again, retry.wait(http::Patience::full, std::chrono::seconds(0)));
    if (!again) {
      return end ? Result<http::Response>(*end) : std::move(answer);
    }
  }
}

Result<http::Response> RcloneTransport::command(const std::string& name, const Query& parameters) {
  return repeat([&](const Daemon& daemon) {
    return client_.send(request(daemon, "POST", "operations/" + name + query_text(parameters)));
  });
}

Status RcloneTransport::prepare() {
  auto made = command("mkdir", {{"fs", kFs}, {"remote", ""}});
  if (!made.ok()) {
    return failure(made.error(), "");
  }
  return made->ok() ? Status() : refusal(*made, "");
}

Result<std::optional<transport::ObjectState>> RcloneTransport::ask(const std::string& name,
                                                                   std::string_view options) {
  auto told = command("stat", {{"fs", kFs}, {"remote", name}, {"opt", std::string(options)}});
  if (!told.ok()) {
    return failure(told.error(), name);
  }
  if (is_missing(*told)) {
    return std::optional<transport::ObjectState>();
  }
  if (!told->ok()) {
    return refusal(*told, name);
  }
  auto state = parse_stat(told->body);
  return state.ok() ? std::move(state) : failure(state.error(), name);
}

Result<std::optional<std::uint64_t>> RcloneTransport::stat(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto state, ask(name, kOptions));
  return state ? std::optional(state->size) : std::nullopt;
}

Result<std::optional<transport::ObjectState>> RcloneTransport::find_state(const std::string& name) {
  return ask(name, kWithTime);
}

Status RcloneTransport::get(const std::string& name, std::optional<Range> range,
                            const transport::Sink& sink) {
  if (range && range->size == 0) {
    CAIRN_TRY_ASSIGN(const auto size, stat(name));
    return !size                    ? Status(transport::not_there(*this, name))
           : range->offset <= *size ? Status()
                                    : failure(Error(Code::remote, "it is cut short"), name);
  }
  Status sink_error;
  std::uint64_t done = 0;
  const transport::Sink counting = [&](Bytes piece) {
    done += piece.size();
    return sink_error = sink(piece);
  };
  const std::string path = text::percent_encoded("[" + std::string(kFs) + "]/" + name, "/");
  auto got = repeat(
      [&](const Daemon& daemon) -> Result<http::Response> {
        if (done > 0 && !range) {  // broke off: to ask for the rest one must know where it ends
          CAIRN_TRY_ASSIGN(const auto size, stat(name));
          range = Range{0, size.value_or(0)};
        }
        std::optional<Range> rest = range;
        if (rest) {
          rest->offset += done;
          rest->size -= std::min(done, rest->size);
        }
        if (done > 0 && rest->size == 0) {
          return http::Response{200, {}, ""};
        }
        return http::download(client_, request(daemon, "GET", path), rest, counting);
      },
      &sink_error);
  if (!sink_error.ok() || !got.ok()) {
    return sink_error.ok() ? Status(failure(got.error(), name)) : sink_error;
  }
  return got->ok()          ? Status()
         : is_missing(*got) ? Status(transport::not_there(*this, name))
                            : refusal(*got, name);
}

Result<bool> RcloneTransport::can_move() {
  {
    const std::lock_guard lock(mutex_);
    if (can_move_) {
      return *can_move_;
    }
  }
  auto told = command("fsinfo", {{"fs", kFs}});
  if (!told.ok()) {
    return failure(told.error(), "");
  }
  if (!told->ok()) {
    return refusal(*told, "");
  }
  auto can = parse_can_move(told->body);
  if (!can.ok()) {
    return failure(can.error(), "");
  }
  const std::lock_guard lock(mutex_);
  can_move_ = *can;
  return *can;
}

/// Sends an object, and replaces one of that name.
Status RcloneTransport::upload(const std::string& name, transport::Source& source) {
  transport::WatchedSource watched(source);
  UploadForm form(std::string(os::name_of(name)), watched);
  const std::string path =
      "operations/uploadfile" + query_text({{"fs", kFs}, {"remote", std::string(os::parent_of(name))}});
  auto sent = repeat(
      [&](const Daemon& daemon) {
        http::Request made = request(daemon, "POST", path);
        made.headers.emplace_back("Content-Type", form.content_type());
        made.body = &form;
        return client_.send(made);
      },
      &watched.error());
  if (!watched.error().ok()) {
    return watched.error();
  }
  if (!sent.ok()) {
    return failure(sent.error(), name);
  }
  return sent->ok() ? Status() : refusal(*sent, name);
}

Status RcloneTransport::move(const std::string& from, const std::string& name, std::uint64_t size) {
  auto moved =
      command("movefile", {{"srcFs", kFs}, {"srcRemote", from}, {"dstFs", kFs}, {"dstRemote", name}});
  if (moved.ok() && moved->ok()) {
    return {};
  }
  // An earlier attempt, whose answer was lost, may have moved it.
  CAIRN_TRY_ASSIGN(const auto left, stat(from));
  CAIRN_TRY_ASSIGN(const auto there, stat(name));
  if (!left && there == size) {
    return {};
  }
  return moved.ok() ? refusal(*moved, name) : failure(moved.error(), name);
}

Status RcloneTransport::put(const std::string& name, transport::Source& source) {
  CAIRN_TRY_ASSIGN(const bool by_move, can_move());
  if (!by_move) {
    return upload(name, source);
  }
  const std::string temporary = os::join(kTemporary, os::random_name());
  Status done = upload(temporary, source);
  if (done.ok()) {
    done = move(temporary, name, source.size());
  }
  if (!done.ok()) {
    (void)remove(temporary);
  }
  return done;
}

Status RcloneTransport::put_if_absent(const std::string& name, transport::Source& source) {
  CAIRN_TRY_ASSIGN(auto there, stat(name));
  if (there) {
    return transport::check_taken(*this, name, *there, source.size());
  }
  Status done = put(name, source);
  if (done.ok() || done.error().code() != Code::remote) {
    return done;
  }
  CAIRN_TRY_ASSIGN(there, stat(name));  // another writer may be in the way, with the same object
  return there == source.size() ? Status() : done;
}

Status RcloneTransport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  return put(name, source);
}

Result<std::optional<std::vector<ObjectInfo>>> RcloneTransport::list_folder(const std::string& folder,
                                                                            bool recurse) {
  auto listed = command(
      "list", {{"fs", kFs}, {"remote", folder}, {"opt", std::string(recurse ? kRecursive : kOptions)}});
  if (!listed.ok()) {
    return failure(listed.error(), folder);
  }
  if (is_missing(*listed)) {
    return std::optional<std::vector<ObjectInfo>>();
  }
  if (!listed->ok()) {
    return refusal(*listed, folder);
  }
  auto files = parse_list(listed->body);
  return files.ok() ? Result(std::optional(*std::move(files))) : failure(files.error(), folder);
}

Result<std::vector<ObjectInfo>> RcloneTransport::list(const std::string& prefix) {
  const std::string folder = prefix.substr(0, prefix.size() - std::min<std::size_t>(1, prefix.size()));
  CAIRN_TRY_ASSIGN(const auto files, list_folder(folder, true));
  if (!files) {
    CAIRN_TRY_ASSIGN(const auto top, list_folder("", false));
    return top ? Result(std::vector<ObjectInfo>())
               : failure(Error(Code::remote, "there is no such folder",
                               "check the address: cairn remote list; rclone lsd shows what is there"),
                         "");
  }
  std::vector<ObjectInfo> objects;
  for (const ObjectInfo& file : *files) {
    if (!file.name.starts_with(prefix)) {
      return failure(Error(Code::remote, "rclone lists " + quoted(file.name) + ", which is not asked for"),
                     folder);
    }
    if (!file.name.starts_with(std::string(kTemporary) + "/")) {
      objects.push_back(file);
    }
  }
  transport::sort_by_name(objects);
  return objects;
}

Status RcloneTransport::remove(const std::string& name) {
  auto removed = command("deletefile", {{"fs", kFs}, {"remote", name}});
  if (!removed.ok()) {
    return failure(removed.error(), name);
  }
  return removed->ok() || is_missing(*removed) ? Status() : refusal(*removed, name);
}

}  // namespace cairn::rclone
