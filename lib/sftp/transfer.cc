// SPDX-License-Identifier: Apache-2.0
#include "sftp/transfer.h"

#include <algorithm>
#include <deque>

#include "base/escape.h"

namespace cairn::sftp {
namespace {

/// Bytes of one file that are under way at once: 200 MB/s at a round trip of 20 ms.
constexpr std::uint64_t kWindow = 4u << 20;

/// A file that is read front to back, with several parts under way.
class Reading {
 public:
  Reading(Session& session, const Handle& file, const std::string& path, std::uint64_t offset)
      : session_(session), file_(file), path_(path), asked_(offset) {}

  /// Asks for parts up to `end` as far as the window allows.
  void ask(std::uint64_t end) {
    while (asked_ < end && under_way_ < kWindow) {
      const std::uint64_t size = std::min<std::uint64_t>(end - asked_, session_.read_size());
      parts_.push_back(part(asked_, size));
      asked_ += size;
    }
  }

  /// Gives everything before `end`, which was not passed by the parts that were given already.
  Status give(std::uint64_t end, const transport::Sink& sink) {
    while (!parts_.empty() && parts_.front().offset < end) {
      Part part = std::move(parts_.front());
      parts_.pop_front();
      under_way_ -= part.size;
      CAIRN_TRY_ASSIGN(const auto reply, wait_for(std::move(part.answer), "cannot read", path_));
      CAIRN_TRY_ASSIGN(const Bytes bytes, reply ? decode_data(*reply) : Result(Bytes()));
      if (bytes.empty() || bytes.size() > part.size) {
        return Error(Code::remote,
                     quoted(path_) + (bytes.empty() ? " is cut short" : ": the server sent too much"));
      }
      CAIRN_TRY(sink(
          bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), end - part.offset)))));
      if (bytes.size() < part.size && part.offset + bytes.size() < end) {
        parts_.push_front(this->part(part.offset + bytes.size(), part.size - bytes.size()));
      }
      ask(end);
    }
    return {};
  }

 private:
  struct Part {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    Answer answer;
  };

  Part part(std::uint64_t offset, std::uint64_t size) {
    under_way_ += size;
    return {offset, size,
            session_.send(
                Request(Type::read).text(file_.id()).u64(offset).u32(static_cast<std::uint32_t>(size)))};
  }

  Session& session_;
  const Handle& file_;
  const std::string& path_;
  std::deque<Part> parts_;
  std::uint64_t asked_;
  std::uint64_t under_way_ = 0;
};

Result<Attributes> wait_for_attributes(Answer answer, const std::string& path) {
  CAIRN_TRY_ASSIGN(const auto reply, wait_for(std::move(answer), "cannot look at", path));
  CAIRN_TRY_ASSIGN(const Attributes attributes, decode_attributes(reply.value_or(Reply())));
  if (!attributes.size || (attributes.permissions && !attributes.is_file())) {
    return Error(Code::remote, quoted(path) + " is not a file");
  }
  return attributes;
}

/// Where the plan ends in this file.
Result<std::uint64_t> end_of(const ReadPlan& plan, const Attributes& file, const std::string& path) {
  const std::uint64_t size = *file.size;
  if (plan.file && (plan.file->size != file.size || plan.file->mtime != file.mtime)) {
    return Error(Code::remote, quoted(path) + " was replaced while it was read", "try again");
  }
  if (plan.size && (plan.offset > size || *plan.size > size - plan.offset)) {
    return Error(Code::remote,
                 quoted(path) + " is cut short: it has only " + std::to_string(size) + " bytes");
  }
  return plan.size ? plan.offset + *plan.size : size;
}

}  // namespace

Status read_file(Session& session, const std::string& path, ReadPlan& plan, const transport::Sink& sink) {
  CAIRN_TRY_ASSIGN(const Handle file, open_file(session, path, OpenMode::read));
  Answer attributes = session.send(Request(Type::fstat).text(file.id()));
  // The first parts are asked for before the size is known: a small file takes two round trips.
  const std::uint64_t begin = plan.offset + plan.done;
  Reading reading(session, file, path, begin);
  reading.ask(begin + std::min(plan.size ? *plan.size - plan.done : kWindow, kWindow));
  CAIRN_TRY_ASSIGN(const Attributes now, wait_for_attributes(std::move(attributes), path));
  CAIRN_TRY_ASSIGN(const std::uint64_t end, end_of(plan, now, path));
  plan.file = now;
  reading.ask(end);
  return reading.give(end, [&](Bytes bytes) {
    plan.done += bytes.size();
    return sink(bytes);
  });
}

Status write_file(Session& session, Handle file, const std::string& path, transport::Source& source) {
  CAIRN_TRY(source.rewind());
  std::deque<Answer> answers;
  std::uint64_t offset = 0;
  Buffer piece;
  while (true) {
    piece.resize(session.write_size());
    CAIRN_TRY_ASSIGN(const std::size_t count, source.read(piece));
    if (count == 0) {
      break;
    }
    const Request request =
        Request(Type::write).text(file.id()).u64(offset).u32(static_cast<std::uint32_t>(count));
    answers.push_back(session.send(request, Bytes(piece).first(count)));
    offset += count;
    while (answers.size() * piece.size() > kWindow) {
      CAIRN_TRY(wait_for_ok(std::move(answers.front()), "cannot write", path));
      answers.pop_front();
    }
  }
  if (session.offers(std::string(kFsync))) {
    answers.push_back(send_sync(session, file));
  }
  answers.push_back(file.send_close());
  for (Answer& answer : answers) {
    CAIRN_TRY(wait_for_ok(std::move(answer), "cannot write", path));
  }
  return {};
}

}  // namespace cairn::sftp
