// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "text/percent.h"
#include "transport/answers.h"
#include "transport/watched_source.h"

namespace cairn::plugin {
namespace {

constexpr std::string_view kScheme = "exec:";
constexpr std::uint64_t kMaxPart = 1u << 20;
constexpr std::size_t kMostObjects = 4'000'000;

using Words = std::vector<std::string>;

std::string request_of(std::string_view verb, const std::string& name) {
  return std::string(verb) + " " + text::percent_encoded(name, "/");
}

Error unexpected(const Words& answer) {
  return {Code::remote,
          "the plug-in answers " + quoted(answer.front()) + ", which is not as the protocol has it"};
}

/// The size in an answer of two words, such as "DATA 5"; nothing when it is another one.
std::optional<std::uint64_t> size_in(const Words& answer, std::string_view verb) {
  return answer.size() == 2 && answer[0] == verb ? to_size(answer[1]) : std::nullopt;
}

bool is(const Words& answer, std::string_view verb) {
  return answer.size() == 1 && answer[0] == verb;
}

/// Hears an object to its end; `wanted` bytes if that is known. True when it is there.
Result<bool> hear_object(Dialogue& dialogue, std::optional<std::uint64_t> wanted,
                         const transport::Sink& sink) {
  std::uint64_t done = 0;
  while (true) {
    CAIRN_TRY_ASSIGN(const Words answer, dialogue.hear());
    if (const auto size = size_in(answer, "DATA")) {
      if (*size > kMaxPart || (wanted && *size > *wanted - done)) {
        return Error(Code::remote, "the plug-in sends too much");
      }
      CAIRN_TRY(dialogue.take(*size, sink));
      done += *size;
    } else if (is(answer, "OK")) {
      return wanted.value_or(done) == done ? Result(true)
                                           : Error(Code::remote, "the plug-in sends too little");
    } else {
      return is(answer, "MISSING") && done == 0 ? Result(false) : unexpected(answer);
    }
  }
}

Result<std::vector<transport::ObjectInfo>> hear_list(Dialogue& dialogue, const std::string& prefix) {
  std::vector<transport::ObjectInfo> objects;
  while (true) {
    CAIRN_TRY_ASSIGN(const Words answer, dialogue.hear());
    if (is(answer, "OK")) {
      return objects;
    }
    const auto size = answer.size() == 3 && answer[0] == "OBJECT" ? to_size(answer[1]) : std::nullopt;
    auto name = size ? text::percent_decoded(answer[2]) : std::nullopt;
    if (!name || objects.size() == kMostObjects) {
      return unexpected(answer);
    }
    if (os::check_relative(*name).ok() && name->starts_with(prefix)) {
      objects.push_back({std::move(*name), *size});
    }
  }
}

}  // namespace

Result<std::unique_ptr<PluginTransport>> PluginTransport::open(const transport::Place& place,
                                                               std::chrono::milliseconds stall_limit) {
  DialogueOptions options{{}, place.base, stall_limit, place.stop};
  std::string_view rest = std::string_view(place.url).substr(kScheme.size());
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    auto decoded = text::percent_decoded(word);
    if (!decoded || decoded->find('\0') != std::string::npos) {
      return Error(Code::usage, "the remote URL " + quoted(place.url) + " has a '%' without two hex digits",
                   "write '%' itself as %25");
    }
    if (!decoded->empty()) {
      options.argv.push_back(std::move(*decoded));
    }
  }
  if (options.argv.empty()) {
    return Error(Code::usage, "the remote URL " + quoted(place.url) + " names no program",
                 "write it as exec:PROGRAM [ARGUMENT…]");
  }
  return std::unique_ptr<PluginTransport>(new PluginTransport(std::move(options)));
}

std::string PluginTransport::describe() const {
  std::string words;
  for (const std::string& word : options_.argv) {
    words += (words.empty() ? "" : " ") + text::percent_encoded(word, "/:=@,+");
  }
  return std::string(kScheme) + words;
}

Error PluginTransport::failure(const Error& error) const {
  if (error.code() != Code::remote) {
    return error;
  }
  return {Code::remote, describe() + ": " + error.message(),
          error.hint().empty() ? "see what the program needs, then do the same again" : error.hint()};
}

Result<std::unique_ptr<Dialogue>> PluginTransport::take_idle() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto dialogue = std::move(idle_.back());
      idle_.pop_back();
      return dialogue;
    }
  }
  return Dialogue::start(options_);
}

template <class Call>
auto PluginTransport::talk(Call call) -> decltype(call(std::declval<Dialogue&>())) {
  auto dialogue = take_idle();
  if (!dialogue.ok()) {
    return failure(dialogue.error());
  }
  auto result = call(**dialogue);
  if (!result.ok()) {
    return failure(result.error());
  }
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(*dialogue));
  return result;
}

Status PluginTransport::ask_for_ok(const std::string& request) {
  return talk([&](Dialogue& dialogue) -> Status {
    CAIRN_TRY(dialogue.say(request));
    CAIRN_TRY_ASSIGN(const Words answer, dialogue.hear());
    return is(answer, "OK") ? Status() : unexpected(answer);
  });
}

Status PluginTransport::prepare() {
  return ask_for_ok("PREPARE");
}

Status PluginTransport::remove(const std::string& name) {
  return ask_for_ok(request_of("REMOVE", name));
}

Status PluginTransport::get(const std::string& name, std::optional<transport::Range> range,
                            const transport::Sink& sink) {
  std::string request = request_of("GET", name);
  if (range) {
    request += " " + std::to_string(range->offset) + " " + std::to_string(range->size);
  }
  Status sink_error;
  auto found = talk([&](Dialogue& dialogue) -> Result<bool> {
    CAIRN_TRY(dialogue.say(request));
    return hear_object(dialogue, range ? std::optional(range->size) : std::nullopt,
                       [&](Bytes piece) { return sink_error = sink(piece); });
  });
  if (!sink_error.ok() || !found.ok()) {
    return sink_error.ok() ? Status(found.error()) : sink_error;
  }
  return *found ? Status() : transport::not_there(*this, name);
}

/// A source that fails ends the plug-in before it has all the bytes.
Result<Words> PluginTransport::put(const std::string& request, transport::Source& source) {
  transport::WatchedSource watched(source);
  auto answer = talk([&](Dialogue& dialogue) -> Result<Words> {
    CAIRN_TRY(watched.rewind());
    CAIRN_TRY(dialogue.say(request + " " + std::to_string(watched.size())));
    Buffer piece(kMaxPart);
    while (true) {
      CAIRN_TRY_ASSIGN(const std::size_t count, watched.read(piece));
      if (count == 0) {
        break;
      }
      CAIRN_TRY(dialogue.send(Bytes(piece).first(count)));
    }
    CAIRN_TRY_ASSIGN(Words words, dialogue.hear());
    return is(words, "OK") || size_in(words, "EXISTS") ? Result(std::move(words)) : unexpected(words);
  });
  return watched.error().ok() ? std::move(answer) : Result<Words>(watched.error().error());
}

Status PluginTransport::put_if_absent(const std::string& name, transport::Source& source) {
  CAIRN_TRY_ASSIGN(const auto there, stat(name));
  if (there) {
    return transport::check_taken(*this, name, *there, source.size());
  }
  CAIRN_TRY_ASSIGN(const Words answer, put(request_of("PUT", name), source));
  const auto taken = size_in(answer, "EXISTS");
  return taken ? transport::check_taken(*this, name, *taken, source.size()) : Status();
}

Status PluginTransport::put_replace(const std::string& name, Bytes bytes) {
  transport::BytesSource source(bytes);
  CAIRN_TRY_ASSIGN(const Words answer, put(request_of("REPLACE", name), source));
  return is(answer, "OK") ? Status() : Status(failure(unexpected(answer)));
}

Result<std::vector<transport::ObjectInfo>> PluginTransport::list(const std::string& prefix) {
  auto objects = talk([&](Dialogue& dialogue) -> Result<std::vector<transport::ObjectInfo>> {
    CAIRN_TRY(dialogue.say(prefix.empty() ? "LIST" : request_of("LIST", prefix)));
    return hear_list(dialogue, prefix);
  });
  if (objects.ok()) {
    transport::sort_by_name(*objects);
  }
  return objects;
}

Result<std::optional<std::uint64_t>> PluginTransport::stat(const std::string& name) {
  return talk([&](Dialogue& dialogue) -> Result<std::optional<std::uint64_t>> {
    CAIRN_TRY(dialogue.say(request_of("STAT", name)));
    CAIRN_TRY_ASSIGN(const Words answer, dialogue.hear());
    const auto size = size_in(answer, "SIZE");
    return size || is(answer, "MISSING") ? Result(size) : unexpected(answer);
  });
}

}  // namespace cairn::plugin
