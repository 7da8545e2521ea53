// SPDX-License-Identifier: Apache-2.0
#include "rclone/daemon.h"

#include <array>
#include <csignal>

#include "base/base64.h"
#include "base/escape.h"
#include "http/retry.h"
#include "os/file.h"

namespace cairn::rclone {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{50};
constexpr milliseconds kStartLimit{30'000};
constexpr std::string_view kUser = "cairn";

os::ProcessOptions process_options(std::vector<std::string> program, const std::string& place,
                                   const std::string& password) {
  os::ProcessOptions options;
  options.argv = std::move(program);
  for (const char* word :
       {"rcd", "--rc-addr=127.0.0.1:0", "--rc-serve", "--ask-password=false", "--timeout=2m",
        // Each upload as a stream, for of a small one that broke off it would store what had come.
        "--streaming-upload-cutoff=0",
        // Its log is read. Nothing of the user's environment may change where it goes, or who may ask.
        "--log-level=NOTICE", "--log-file=", "--use-json-log=false", "--syslog=false", "--rc-htpasswd=",
        "--rc-cert=", "--rc-key=", "--rc-baseurl=", "--rc-no-auth=false", "--rc-web-gui=false"}) {
    options.argv.emplace_back(word);
  }
  options.env = {{"RCLONE_RC_USER", std::string(kUser)},
                 {"RCLONE_RC_PASS", password},
                 {"TZ", "UTC"},  // times that it tells are compared on other machines
                 {"RCLONE_CONFIG_CAIRNPLACE_TYPE", "alias"},  // as kFs
                 {"RCLONE_CONFIG_CAIRNPLACE_REMOTE", place}};
  // What would make it do nothing, or refuse the flags above.
  for (const char* name : {"RCLONE_DRY_RUN", "RCLONE_INTERACTIVE", "RCLONE_IMMUTABLE", "RCLONE_QUIET",
                           "RCLONE_RC", "RCLONE_VERBOSE"}) {
    options.env[name] = std::nullopt;
  }
  options.death_signal = SIGTERM;
  return options;
}

/// The address in "… Serving remote control on http://127.0.0.1:5572/\n"; nothing before that was said.
std::optional<std::string> address_in(std::string_view said) {
  constexpr std::string_view kSign = "Serving remote control on http://127.0.0.1:";
  const std::size_t sign = said.find(kSign);
  if (sign == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = said.substr(sign + kSign.size());
  const std::size_t end = digits.find_first_not_of("0123456789");
  return end == 0 || end == std::string_view::npos
             ? std::nullopt
             : std::optional("http://127.0.0.1:" + std::string(digits.substr(0, end)) + "/");
}

Error cannot_start(const Error& error) {
  return error.code() == Code::not_found
             ? Error(Code::remote, "there is no rclone on this machine",
                     "install the package rclone, then do the same again")
             : Error(Code::remote, "rclone cannot be started: " + error.message(), "run rclone by hand");
}

Error has_ended(const os::PipedChild::End& end) {
  const std::string words = end.last_words();
  const bool locked = words.find("unable to decrypt configuration") != std::string::npos;
  return {Code::remote, "rclone ended" + (words.empty() ? "" : ": " + words),
          locked ? "set RCLONE_CONFIG_PASS to the password of rclone's configuration"
                 : "see what rclone says: rclone listremotes"};
}

}  // namespace

Result<std::shared_ptr<Daemon>> Daemon::start(std::vector<std::string> program, const std::string& place,
                                              const std::atomic<bool>* stop) {
  std::shared_ptr<Daemon> daemon(new Daemon);
  const std::string password = os::random_name() + os::random_name();
  daemon->authorization_ = "Basic " + to_base64(as_bytes(std::string(kUser) + ":" + password));
  daemon->thread_ =
      std::thread([daemon = daemon.get(), options = process_options(std::move(program), place, password)] {
        daemon->watch(options);
      });
  CAIRN_TRY(daemon->wait_until_it_serves(stop));
  return daemon;
}

Daemon::~Daemon() {
  finish_ = true;
  thread_.join();
}

/// The life of the program, on the thread that starts it.
void Daemon::watch(const os::ProcessOptions& options) {
  auto child = os::PipedChild::start(options, false);
  if (!child.ok()) {
    const std::lock_guard lock(mutex_);
    end_ = cannot_start(child.error());
    changed_.notify_all();
    return;
  }
  std::array<std::uint8_t, 4096> ignored{};
  bool runs = true;
  for (bool serves = false; runs && !finish_;) {
    runs = (*child)->receive(ignored, kTick).ok();
    auto url = serves ? std::nullopt : address_in((*child)->complaint());
    if (url) {
      const std::lock_guard lock(mutex_);
      url_ = std::move(url);
      changed_.notify_all();
      serves = true;
    }
  }
  const auto end = (*child)->end(runs ? milliseconds(0) : milliseconds(1000));
  const std::lock_guard lock(mutex_);
  end_ = has_ended(end);
  changed_.notify_all();
}

Status Daemon::wait_until_it_serves(const std::atomic<bool>* stop) {
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  std::unique_lock lock(mutex_);
  while (!url_ && !end_) {
    if (stop != nullptr && stop->load()) {
      return http::stopped();
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return Error(Code::remote, "rclone was started and does not begin to serve",
                   "see what it says: rclone rcd");
    }
    changed_.wait_for(lock, kTick);
  }
  return end_ ? Status(*end_) : Status();
}

std::optional<Error> Daemon::end(milliseconds patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return end_.has_value(); });
  return end_;
}

}  // namespace cairn::rclone
