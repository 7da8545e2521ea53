// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <limits>

#include "base/base64.h"
#include "base/escape.h"
#include "commands.h"
#include "exit_status.h"
#include "ops/cat.h"
#include "os/path.h"
#include "parser.h"

namespace cairn::cmd {
namespace {

/// What a JSON document may hold.
constexpr std::size_t kLongestInJson = 64u << 20;

struct Options {
  std::vector<std::string> words;
  std::string range;
  ops::CatRequest request;
};

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                                   : std::nullopt;
}

/// "A-B", both included, or "A-".
Result<transport::Range> parse_range(const std::string& text) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = to_number(std::string_view(text).substr(0, dash));
  const std::string_view rest = std::string_view(text).substr(std::min(dash + 1, text.size()));
  const auto last = rest.empty() ? std::optional(kMost - 1) : to_number(rest);
  if (!first || !last || dash == text.size() || *last < *first || *last == kMost) {
    return Error(Code::usage, quoted(text) + " is no range of bytes",
                 "--range 0-99 for the first 100 bytes, --range 100- for the rest");
  }
  return transport::Range{*first, *last - *first + 1};
}

/// Writes everything; false once nobody reads any more.
Result<bool> write_all(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return errno == EPIPE ? Result(false)
                            : Result<bool>(Error::from_errno(errno, "cannot write to", "standard output"));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

Result<Outcome> print(const ops::CatRequest& request, const Context& context) {
  Outcome outcome;
  bool read = true;  // by somebody
  const Status done = ops::cat(
      request,
      [&read](Bytes piece) -> Status {
        CAIRN_TRY_ASSIGN(read, write_all(piece));
        return read ? Status() : Status(Error(Code::io, "nobody reads any more"));
      },
      context);
  if (!read) {
    outcome.status = kExitFailed;
    return outcome;
  }
  CAIRN_TRY(done);
  return outcome;
}

Result<Outcome> print_json(const ops::CatRequest& request, const Context& context) {
  Buffer bytes;
  CAIRN_TRY(ops::cat(
      request,
      [&](Bytes piece) -> Status {
        if (bytes.size() + piece.size() > kLongestInJson) {
          return Error(Code::unsupported, "more than 64 MiB do not go into a JSON document",
                       "choose a part with --range, or leave out --json");
        }
        append(bytes, piece);
        return {};
      },
      context));
  Outcome outcome;
  outcome.json["size"] = bytes.size();
  outcome.json["base64"] = to_base64(bytes);
  return outcome;
}

Result<Outcome> run_cat(Options options, Invocation& invocation) {
  ops::CatRequest& request = options.request;
  request.from = invocation.folder;
  request.path = options.words.back();
  if (options.words.size() == 2) {
    request.url = options.words.front();
    request.path = os::normalized(request.path);
  }
  if (!options.range.empty()) {
    CAIRN_TRY_ASSIGN(request.range, parse_range(options.range));
  }
  return invocation.json ? print_json(request, invocation.context) : print(request, invocation.context);
}

}  // namespace

Command cat_command() {
  return {"cat",
          "Data",
          "Print the content of a tracked file",
          "cairn cat data/prices.csv --rev v1.0\n"
          "  cairn cat https://example.org/prices.git data/prices.csv --range 0-999",
          Needs::nothing,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("path", options->words, "The file; in front of it the URL of another repository")
                .type_name("[URL] PATH")
                .required()
                .expected(1, 2);
            app.add_option("--rev", options->request.revision,
                           "Of that revision instead of the workspace, or of the repository's own branch")
                .type_name("REV");
            app.add_option("--range", options->range,
                           "Bytes A to B only, counted from 0; A- for all from A on")
                .type_name("A-B");
            return [options](Invocation& invocation) { return run_cat(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
