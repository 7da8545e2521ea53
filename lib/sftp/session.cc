// SPDX-License-Identifier: Apache-2.0
#include "sftp/session.h"

#include <algorithm>
#include <csignal>
#include <system_error>

#include "base/escape.h"

namespace cairn::sftp {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kVersion = 3;
constexpr milliseconds kTick{100};
/// How long a connection on which nothing moves lives after a stop.
constexpr milliseconds kStopPatience{2000};
/// Time for the program to end by itself, once it said all or we closed.
constexpr milliseconds kEndPatience{2000};
constexpr std::string_view kLimits = "limits@openssh.com";
/// The request for limits, which nobody waits for, has an id of its own.
constexpr std::uint32_t kLimitsId = 0;
constexpr std::uint64_t kLeastPart = 4096;
/// What a packet with a part of a file may hold besides.
constexpr std::uint64_t kPartOverhead = 1024;

Answer failed(const Error& error) {
  std::promise<Result<Reply>> promise;
  promise.set_value(error);
  return promise.get_future();
}

std::uint32_t part_size(std::uint64_t limit, std::uint32_t otherwise) {
  return limit == 0 ? otherwise
                    : static_cast<std::uint32_t>(std::clamp(limit, kLeastPart, kMaxPacket - kPartOverhead));
}

}  // namespace

Result<std::shared_ptr<Session>> Session::open(const SessionOptions& options) {
  std::shared_ptr<Session> session(new Session(options));
  try {
    session->thread_ = std::thread([raw = session.get()] { raw->run(); });
  } catch (const std::system_error& error) {
    return Error(Code::io, std::string("cannot start a thread: ") + error.what());
  }
  std::unique_lock lock(session->mutex_);
  session->changed_.wait(lock, [&] { return session->connected_ || session->error_; });
  return session->error_ ? Result<std::shared_ptr<Session>>(*session->error_) : session;
}

Session::~Session() {
  closing_ = true;
  if (child_) {
    child_->hang_up();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

Answer Session::send(const Request& request, Bytes tail) {
  std::uint32_t id = 0;
  Answer answer;
  {
    std::lock_guard lock(mutex_);
    if (error_) {
      return failed(*error_);
    }
    if (waiting_.empty()) {
      note_activity();
    }
    id = next_id_++;
    next_id_ = std::max(next_id_, kLimitsId + 1);  // after 2^32 requests
    answer = waiting_[id].get_future();
  }
  if (!transmit(request, id, tail).ok()) {
    child_->hang_up();  // the reading thread sees it, and answers all
  }
  return answer;
}

Status Session::transmit(const Request& request, std::uint32_t id, Bytes tail) {
  const Buffer head = request.encode(id, tail.size());
  std::lock_guard lock(sending_);
  CAIRN_TRY(child_->send(head, tail));
  note_activity();
  return {};
}

void Session::run() {
  Status done = connect();
  if (done.ok()) {
    ask_limits();
    {
      std::lock_guard lock(mutex_);
      connected_ = true;
    }
    changed_.notify_all();
    done = read_answers();
  }
  fail(end_child(done.error()));
}

Status Session::connect() {
  note_activity();
  os::ProcessOptions process;
  process.argv = options_.argv;
  process.death_signal = SIGTERM;  // ssh removes the socket of its master then
  auto child = os::PipedChild::start(std::move(process), options_.ask);
  if (!child.ok()) {
    return Error(Code::remote, child.error().message(), child.error().hint());
  }
  child_ = std::move(*child);
  // A program that has ended already says why when it is read from.
  (void)child_->send(Request(Type::init).u32(kVersion).encode(std::nullopt, 0), {});
  std::uint32_t id = 0;
  CAIRN_TRY_ASSIGN(const Reply reply, read_packet(false, id));
  CAIRN_TRY_ASSIGN(greeting_, decode_greeting(reply));
  if (greeting_.version != kVersion) {
    return Error(Code::remote, "the server speaks version " + std::to_string(greeting_.version) +
                                   " of SFTP, and not " + std::to_string(kVersion));
  }
  child_->give_back_terminal();
  return {};
}

/// Whoever reads or writes does so in small parts until the answer is there.
void Session::ask_limits() {
  if (offers(std::string(kLimits))) {
    (void)transmit(Request(kLimits), kLimitsId, {});
  }
}

void Session::adopt_limits(const Reply& reply) {
  const auto limits = decode_limits(reply);
  if (limits.ok()) {
    read_size_ = part_size(limits->read, read_size_);
    write_size_ = part_size(limits->write, write_size_);
  }
}

Status Session::read_answers() {
  while (true) {
    std::uint32_t id = 0;
    CAIRN_TRY_ASSIGN(Reply reply, read_packet(true, id));
    if (id == kLimitsId) {
      adopt_limits(reply);
      continue;
    }
    std::unique_lock lock(mutex_);
    auto waiting = waiting_.extract(id);
    lock.unlock();
    if (waiting.empty()) {
      return Error(Code::corrupt, "the server answers what nobody asked");
    }
    waiting.mapped().set_value(std::move(reply));
  }
}

Result<Reply> Session::read_packet(bool has_id, std::uint32_t& id) {
  std::array<std::uint8_t, 5> head{};
  CAIRN_TRY(read_exactly(head));
  const std::uint32_t length = __builtin_bswap32(load_le<std::uint32_t>(head.data()));
  const std::uint32_t least = has_id ? 5 : 1;
  if (length < least || length > kMaxPacket) {
    return Error(Code::corrupt,
                 "the server sent " + quoted(as_text(head)) + " where a packet of SFTP should begin",
                 "if a start-up file of the shell there prints something, let it do so only on a terminal");
  }
  Reply reply{static_cast<Type>(head[4]), Buffer(length - least)};
  if (has_id) {
    std::array<std::uint8_t, 4> number{};
    CAIRN_TRY(read_exactly(number));
    id = __builtin_bswap32(load_le<std::uint32_t>(number.data()));
  }
  CAIRN_TRY(read_exactly(reply.body));
  return reply;
}

Status Session::read_exactly(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    CAIRN_TRY_ASSIGN(const std::size_t count, child_->receive(out, kTick));
    if (count == 0) {
      CAIRN_TRY(check_patience());
    } else {
      note_activity();
      out = out.subspan(count);
    }
  }
  return {};
}

Status Session::check_patience() {
  const bool stopped = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  {
    std::lock_guard lock(mutex_);
    const bool idle = connected_ ? waiting_.empty() : options_.ask && !stopped;
    if (idle) {
      return {};
    }
  }
  const milliseconds limit = stopped ? std::min(options_.stall_limit, kStopPatience) : options_.stall_limit;
  const Clock::time_point last{Clock::duration(last_activity_.load())};
  if (Clock::now() - last < limit) {
    return {};
  }
  return stopped ? Error(Code::interrupted, "stopped")
                 : Error(Code::remote,
                         "the server did not answer for " + std::to_string(limit.count() / 1000) + " s",
                         "see whether it is up, and try again");
}

/// What to tell those who wait, after the reading thread met `error`.
Error Session::end_child(const Error& error) {
  if (!child_) {
    return error;
  }
  const bool ended = error.code() == Code::not_found;
  const os::PipedChild::End end = child_->end(ended ? kEndPatience : milliseconds(0));
  if (!ended) {
    return {error.code() == Code::interrupted ? Code::interrupted : Code::remote, error.message(),
            error.hint()};
  }
  if (end.exit.signal == SIGINT) {
    return {Code::interrupted, "stopped"};
  }
  std::unique_lock lock(mutex_);
  if (!connected_) {
    return options_.explain(end.complaint);
  }
  lost_ = !closing_;
  const std::string words = end.last_words();
  return {Code::remote, "the connection broke" + (words.empty() ? "" : ": " + words), "try again"};
}

void Session::fail(const Error& error) {
  std::unordered_map<std::uint32_t, std::promise<Result<Reply>>> waiting;
  {
    std::lock_guard lock(mutex_);
    error_ = error;
    waiting.swap(waiting_);
  }
  changed_.notify_all();
  for (auto& [id, promise] : waiting) {
    promise.set_value(error);
  }
}

}  // namespace cairn::sftp
