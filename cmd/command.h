// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/context.h"
#include "project/workspace.h"

namespace cairn::cmd {

class Parser;
class Terminal;

using Json = nlohmann::ordered_json;

/// What main opens before a command runs.
enum class Needs : std::uint8_t {
  nothing,         ///< the command opens what it needs itself, if anything
  project,         ///< an open Workspace
  project_locked,  ///< an open Workspace whose lock is held until the command ends
};

/// Whether a command takes --commit, with which what it writes for Git becomes a commit of its own.
enum class TakesCommit : std::uint8_t { no, yes };

/// How a command is called: where, and with what.
struct Invocation {
  std::string folder;                       ///< absolute; the current folder, or that of -C
  project::Workspace* workspace = nullptr;  ///< set as the command's Needs say
  Context context;
  bool color = false;  ///< results may be coloured
  bool verbose = false;
  unsigned width = 80;           ///< columns of the terminal
  Terminal* terminal = nullptr;  ///< the same as context.log
  bool stages = false;           ///< what is written for Git goes into its index when the command is done
  bool json = false;             ///< stdout is for one document
  bool jobs_typed = false;       ///< -j was given; else context.jobs is the setting, or all processors
};

/// What a command has to say: for people, for programs, and for the shell.
struct Outcome {
  std::string text;            ///< the result, for stdout; ends with a newline unless empty
  Json json = Json::object();  ///< the same for --json; keys are documented in the command's page
  std::vector<Error> errors;   ///< items that failed while others are done
  int status = 0;              ///< 0 is replaced by the errors' status when there are any
};

using Runner = std::function<Result<Outcome>(Invocation&)>;

/// One row of the command table. `setup` declares the options on the parser and returns the function to run
/// once they are parsed; it is called only for the command that was typed.
struct Command {
  std::string name;     ///< "remote add" for a subcommand
  std::string group;    ///< heading in the overview; "" hides the command
  std::string summary;  ///< one line, starts with a verb, no full stop
  std::string example;  ///< one or more whole lines that can be typed
  Needs needs = Needs::project;
  std::function<Runner(Parser&)> setup;
  TakesCommit takes_commit = TakesCommit::no;
};

/// All commands, in the order of the overview. The only list.
const std::vector<Command>& commands();

}  // namespace cairn::cmd
