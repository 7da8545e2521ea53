// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <csignal>
#include <optional>

#include "base/escape.h"
#include "base/version.h"
#include "commands.h"
#include "exit_status.h"
#include "git/environment.h"
#include "git_keep_report.h"
#include "ops/rollback.h"
#include "os/parallel.h"
#include "os/path.h"
#include "parser.h"
#include "progress.h"
#include "render.h"
#include "terminal.h"

namespace cairn::cmd {
namespace {

std::atomic<bool> stop_requested{false};
std::atomic<bool> kill_requested{false};

/// The first Ctrl-C asks to stop; the second ends commands that are still running; the third is the system's
/// own, which ends the process.
extern "C" void request_stop(int signal) {
  if (stop_requested.exchange(true)) {
    kill_requested.store(true);
    std::signal(signal, SIG_DFL);
  }
}

struct GlobalOptions {
  std::string folder;
  bool quiet = false;
  bool verbose = false;
  bool json = false;
  bool commit = false;
  unsigned jobs = 0;
};

/// Words of argv that name a command: up to two of them ("remote add"), options and their values left out.
std::vector<std::string> command_words(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc && words.size() < 2; ++i) {
    std::string_view word = argv[i];
    if (word == "-C" || word == "-j" || word == "--jobs") {
      ++i;
    } else if (!word.starts_with("-")) {
      words.emplace_back(word);
    }
  }
  return words;
}

const Command* find_command(const std::vector<std::string>& words) {
  const Command* found = nullptr;
  for (const Command& command : commands()) {
    bool one = !words.empty() && command.name == words[0];
    bool two = words.size() == 2 && command.name == words[0] + " " + words[1];
    if (two || (one && found == nullptr)) {
      found = &command;
    }
  }
  return found;
}

void add_global_options(Parser app, GlobalOptions& options) {
  const std::string group = "Global options";
  app.add_option("-C", options.folder, "Run as if started in this folder").type_name("DIR").group(group);
  app.add_flag("-q,--quiet", options.quiet, "Say errors only").group(group);
  app.add_flag("-v,--verbose", options.verbose, "Say more").group(group);
  app.add_flag("--json", options.json, "Print one JSON document on stdout").group(group);
  app.add_option("-j,--jobs", options.jobs, "Worker threads (default: all processors)")
      .type_name("N")
      .in_range(1, 1024)
      .group(group);
}

std::string footer_of(const Command& command) {
  return "Example:\n  " + command.example;
}

/// "cairn [OPTIONS] COMMAND": the commands by group, in the order of the table.
std::string overview() {
  std::string text =
      "cairn versions data and pipelines beside Git.\n\nUsage: cairn [-C DIR] COMMAND [ARGUMENTS]\n";
  std::vector<std::string> groups;
  for (const Command& command : commands()) {
    if (!command.group.empty() && std::find(groups.begin(), groups.end(), command.group) == groups.end()) {
      groups.push_back(command.group);
    }
  }
  for (const std::string& group : groups) {
    text += "\n" + group + ":\n";
    for (const Command& command : commands()) {
      if (command.group == group) {
        text += fmt::format("  {:<19} {}\n", command.name, command.summary);
      }
    }
  }
  return text + "\n'cairn COMMAND --help' shows options and an example.\n";
}

std::string overview_of_noun(const std::string& noun) {
  std::string text;
  for (const Command& command : commands()) {
    if (command.name.starts_with(noun + " ")) {
      text += fmt::format("  {:<19} {}\n", command.name, command.summary);
    }
  }
  return text;
}

/// CLI11's own message lists thousands of files where a shell wrote them.
std::string unexpected(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 3;
  std::string message = "not expected here: ";
  for (std::size_t i = 0; i < std::min(words.size(), kShown); ++i) {
    message += (i == 0 ? "" : ", ") + quoted(words[i]);
  }
  return words.size() > kShown ? message + fmt::format(" and {} more", words.size() - kShown) : message;
}

Error unknown_command(const std::vector<std::string>& words) {
  std::string subcommands = overview_of_noun(words[0]);
  if (!subcommands.empty()) {
    return {Code::usage,
            "'" + words[0] + "' needs a subcommand:\n" + subcommands.substr(0, subcommands.size() - 1)};
  }
  return {Code::usage, "'" + words[0] + "' is not a cairn command", "cairn --help"};
}

/// One command line from words to exit status.
class Session {
 public:
  Session(int argc, char** argv) : argc_(argc), argv_(argv), words_(command_words(argc, argv)) {}

  int run() {
    if (words_.empty()) {
      return run_bare();
    }
    command_ = find_command(words_);
    if (command_ == nullptr && asks_for_help() && !overview_of_noun(words_[0]).empty()) {
      terminal_.result("Usage: cairn " + words_[0] + " SUBCOMMAND\n\n" + overview_of_noun(words_[0]));
      return kExitOk;
    }
    if (command_ == nullptr) {
      // The document of a failed --json call is printed even when the command is unknown.
      options_.json = std::any_of(argv_, argv_ + argc_,
                                  [](const char* word) { return std::string_view(word) == "--json"; });
      return finish(unknown_command(words_));
    }
    std::optional<int> status = parse();
    return status ? *status : finish(execute());
  }

 private:
  [[nodiscard]] bool asks_for_help() const {
    return std::any_of(argv_, argv_ + argc_, [](const char* word) {
      return std::string_view(word) == "--help" || std::string_view(word) == "-h";
    });
  }

  int run_bare() {
    for (int i = 1; i < argc_; ++i) {
      std::string_view word = argv_[i];
      if (word == "--version" || word == "-V") {
        terminal_.result(fmt::format("cairn {}\n", own_version()));
        return kExitOk;
      }
      if (word == "--help" || word == "-h") {
        terminal_.result(overview());
        return kExitOk;
      }
    }
    terminal_.error(Error(Code::usage, "a command is missing", "cairn --help"));
    return kExitUsage;
  }

  /// An exit status when parsing itself ends the call (--help, bad usage).
  std::optional<int> parse() {
    CLI::App app("cairn", "cairn");
    add_global_options(Parser(app), options_);
    app.require_subcommand(1);
    CLI::App* parent = &app;
    std::string name = command_->name;
    if (std::size_t space = name.find(' '); space != std::string::npos) {
      parent = app.add_subcommand(name.substr(0, space))->fallthrough();
      parent->require_subcommand(1);
      name = name.substr(space + 1);
    }
    CLI::App* sub = parent->add_subcommand(name, command_->summary)->fallthrough();
    sub->footer(footer_of(*command_));
    Parser parser(*sub);
    runner_ = command_->setup(parser);
    if (command_->takes_commit == TakesCommit::yes) {
      parser.add_flag("--commit", options_.commit, "Commit what this writes for Git, and nothing else");
    }
    try {
      app.parse(argc_, argv_);
    } catch (const CLI::CallForHelp&) {
      terminal_.result(help_of(*sub));
      return kExitOk;
    } catch (const CLI::ExtrasError&) {
      return finish(
          Error(Code::usage, unexpected(app.remaining(true)), "cairn " + command_->name + " --help"));
    } catch (const CLI::ParseError& error) {
      return finish(Error(Code::usage, error.what(), "cairn " + command_->name + " --help"));
    }
    return std::nullopt;
  }

  std::string help_of(CLI::App& sub) {
    add_global_options(Parser(sub), options_);
    std::size_t space = command_->name.find(' ');
    return sub.help(space == std::string::npos ? "cairn" : "cairn " + command_->name.substr(0, space));
  }

  Result<Outcome> execute() {
    terminal_.set_verbosity(options_.quiet     ? Verbosity::quiet
                            : options_.verbose ? Verbosity::verbose
                                               : Verbosity::normal);
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    std::signal(SIGPIPE, SIG_IGN);
    Progress progress;
    Context context{terminal_,       progress,
                    stop_requested,  options_.jobs > 0 ? options_.jobs : os::available_processors(),
                    &kill_requested, options_.jobs};
    CAIRN_TRY_ASSIGN(std::string folder, os::absolute(options_.folder.empty() ? "." : options_.folder));
    git::forget_other_repository(folder);
    Invocation invocation{
        folder,           nullptr,           context,   terminal_.color_stdout() && !options_.json,
        options_.verbose, terminal_.width(), &terminal_};
    invocation.json = options_.json;
    invocation.jobs_typed = options_.jobs > 0;
    ProgressLine line(terminal_, progress);
    return execute(invocation);
  }

  Result<Outcome> execute(Invocation& invocation) {
    if (command_->needs == Needs::nothing) {
      return runner_(invocation);
    }
    CAIRN_TRY_ASSIGN(auto workspace, project::Workspace::open(invocation.folder));
    if (options_.jobs == 0) {
      // Checked when the setting was read.
      const std::string set = workspace->config().get_or("core.jobs", "");
      if (std::from_chars(set.data(), set.data() + set.size(), invocation.context.requests).ec ==
          std::errc()) {
        invocation.context.jobs = invocation.context.requests;
      }
    }
    std::optional<os::FileLock> lock;
    if (command_->needs == Needs::project_locked) {
      CAIRN_TRY_ASSIGN(lock, workspace->lock());
      CAIRN_TRY(ops::finish_rollback(*workspace, invocation.context));
    } else {
      CAIRN_TRY(warn_of_rollback(*workspace));
    }
    invocation.workspace = workspace.get();
    invocation.stages = options_.commit || ops::is_autostaged(*workspace);
    Result<Outcome> result = runner_(invocation);
    lock.reset();
    return invocation.stages ? kept_in_git(*workspace, std::move(result)) : std::move(result);
  }

  /// What is done is staged even where the rest failed; only the whole is committed.
  Result<Outcome> kept_in_git(project::Workspace& workspace, Result<Outcome> result) {
    const bool whole = result.ok() && status_of(*result, std::nullopt) == kExitOk;
    const auto message =
        options_.commit && whole ? std::optional(message_of_call({argv_ + 1, argv_ + argc_})) : std::nullopt;
    auto kept = ops::keep_in_git(workspace, message);
    if (result.ok()) {
      add_to_outcome(kept, *result);
    }
    return result;
  }

  /// What only reads shows a workspace that is half here and half there.
  Status warn_of_rollback(const project::Workspace& workspace) {
    CAIRN_TRY_ASSIGN(const bool unfinished, ops::is_rollback_unfinished(workspace));
    if (unfinished) {
      terminal_.warn("a rollback was cut short, or is under way; cairn checkout finishes it");
    }
    return {};
  }

  /// Prints what came out and gives its exit status.
  int finish(Result<Outcome> result) {
    Outcome outcome;
    std::optional<Error> failure;
    if (result.ok()) {
      outcome = std::move(*result);
    } else {
      failure = result.error();
    }
    int status = status_of(outcome, failure);
    if (options_.json) {
      terminal_.result(
          document(outcome, failure, status).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    } else {
      if (terminal_.verbosity() != Verbosity::quiet && !terminal_.result(outcome.text)) {
        return kExitFailed;
      }
    }
    for (const Error& error : outcome.errors) {
      terminal_.error(error);
    }
    if (failure) {
      terminal_.error(*failure);
    }
    return status;
  }

  /// The failure's own status; else 4 when an item is damaged, 3 when items failed otherwise.
  static int status_of(const Outcome& outcome, const std::optional<Error>& failure) {
    if (failure) {
      return exit_status(failure->code());
    }
    if (outcome.status != 0 || outcome.errors.empty()) {
      return outcome.status;
    }
    bool damaged = std::any_of(outcome.errors.begin(), outcome.errors.end(),
                               [](const Error& error) { return error.code() == Code::corrupt; });
    return damaged ? kExitIntegrity : kExitPartial;
  }

  [[nodiscard]] Json document(const Outcome& outcome, const std::optional<Error>& failure, int status) const {
    Json json = {
        {"cairn", 1}, {"command", command_ != nullptr ? command_->name : ""}, {"ok", status == kExitOk}};
    json.update(outcome.json);
    Json errors = Json::array();
    for (const Error& error : outcome.errors) {
      errors.push_back(to_json(error));
    }
    if (failure) {
      errors.push_back(to_json(*failure));
    }
    if (!errors.empty()) {
      json["errors"] = std::move(errors);
    }
    return json;
  }

  int argc_;
  char** argv_;
  std::vector<std::string> words_;
  const Command* command_ = nullptr;
  Runner runner_;
  GlobalOptions options_;
  Terminal terminal_;
};

}  // namespace

int run(int argc, char** argv) {
  return Session(argc, argv).run();
}

}  // namespace cairn::cmd
