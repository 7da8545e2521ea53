// SPDX-License-Identifier: Apache-2.0
#include "ops/experiment.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/escape.h"
#include "git/ref_name.h"
#include "os/file.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kNameKey = "cairn-experiment: ";
constexpr std::string_view kStatusKey = "cairn-status: ";
constexpr std::string_view kTreeKey = "cairn-base-tree: ";
constexpr std::string_view kSetKey = "cairn-set: ";

constexpr std::array<std::string_view, 32> kAdjectives = {
    "amber", "bold", "brave", "brisk", "calm",   "clear", "clever", "cosy",  "crisp", "deep", "eager",
    "early", "fair", "fine",  "fresh", "gentle", "glad",  "grand",  "green", "keen",  "kind", "light",
    "lucky", "neat", "quick", "quiet", "sharp",  "sunny", "swift",  "warm",  "wise",  "young"};
constexpr std::array<std::string_view, 32> kNouns = {
    "alder", "badger", "beech", "birch", "brook", "cedar", "cliff", "crane", "dune",   "eagle", "falcon",
    "fern",  "finch",  "fjord", "heron", "lark",  "lynx",  "maple", "marsh", "meadow", "otter", "pine",
    "raven", "reef",   "ridge", "robin", "rowan", "seal",  "stone", "swan",  "tarn",   "willow"};

std::string ref_of(const std::string& name) {
  return std::string(kExperimentRefs) + name;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Takes one line of the message's last paragraph.
void read_trailer(std::string_view line, Experiment& experiment) {
  if (line.starts_with(kStatusKey)) {
    bool failed = line.substr(kStatusKey.size()) == status_name(ExperimentStatus::failed);
    experiment.status = failed ? ExperimentStatus::failed : ExperimentStatus::done;
  } else if (line.starts_with(kTreeKey)) {
    experiment.base_tree = git::Oid::parse(line.substr(kTreeKey.size()));
  } else if (line.starts_with(kSetKey)) {
    experiment.set.emplace_back(line.substr(kSetKey.size()));
  }
}

Error unknown(const std::string& name) {
  return {Code::not_found, "there is no experiment " + quoted(name), "cairn exp list"};
}

}  // namespace

std::string_view status_name(ExperimentStatus status) {
  return status == ExperimentStatus::failed ? "failed" : "done";
}

std::string write_experiment_message(const Experiment& experiment) {
  std::string text = experiment.title.empty() ? "experiment " + experiment.name : experiment.title;
  text.erase(text.find_last_not_of('\n') + 1);
  text += "\n\n" + std::string(kNameKey) + experiment.name + "\n";
  text += std::string(kStatusKey) + std::string(status_name(experiment.status)) + "\n";
  if (experiment.base_tree) {
    text += std::string(kTreeKey) + experiment.base_tree->hex() + "\n";
  }
  for (const std::string& set : experiment.set) {
    text += std::string(kSetKey) + set + "\n";
  }
  return text;
}

std::optional<Experiment> read_experiment(const std::string& name, const git::Commit& commit) {
  std::vector<std::string_view> lines = lines_of(commit.message);
  auto last = std::find(lines.rbegin(), lines.rend(), std::string_view()).base();
  bool ours = last != lines.begin() && last != lines.end() && last->starts_with(kNameKey);
  if (!ours || commit.parents.empty()) {
    return std::nullopt;
  }
  Experiment experiment{name, commit.id, commit.parents.front(), {}, commit.time, {}, {}, {}};
  experiment.title = lines.front();
  std::for_each(last, lines.end(), [&experiment](std::string_view line) { read_trailer(line, experiment); });
  return experiment;
}

Status check_experiment_name(const std::string& name) {
  if (!git::is_plain_name(name)) {
    return Error(Code::usage, quoted(name) + " cannot name an experiment",
                 "use letters, digits, '.', '-' and '_'");
  }
  return {};
}

std::string random_experiment_name(const std::vector<std::string>& taken) {
  constexpr int kTries = 20;
  std::string name;
  for (int i = 0; i < kTries; ++i) {
    std::string random = os::random_name();
    auto number = [&random](std::size_t at) { return std::stoul(random.substr(at, 4), nullptr, 16); };
    name = std::string(kAdjectives[number(0) % kAdjectives.size()]) + "-" +
           std::string(kNouns[number(4) % kNouns.size()]);
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) {
      return name;
    }
    name += "-" + random.substr(8, 4);
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) {
      return name;
    }
  }
  return os::random_name();
}

Result<std::vector<std::string>> taken_experiment_names(project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::vector<git::Ref> refs, git->refs(std::string(kExperimentRefs)));
  std::vector<std::string> names;
  for (const git::Ref& ref : refs) {
    names.push_back(ref.name.substr(kExperimentRefs.size()));
  }
  return names;
}

Result<std::vector<Experiment>> list_experiments(project::Workspace& workspace) {
  std::vector<Experiment> out;
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  CAIRN_TRY_ASSIGN(std::vector<git::Ref> refs, git->refs(std::string(kExperimentRefs)));
  for (const git::Ref& ref : refs) {
    CAIRN_TRY_ASSIGN(git::Commit commit, git->read_commit(ref.commit));
    auto experiment = read_experiment(ref.name.substr(kExperimentRefs.size()), commit);
    if (experiment) {
      out.push_back(std::move(*experiment));
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Experiment& a, const Experiment& b) { return a.created < b.created; });
  return out;
}

Result<Experiment> find_experiment(project::Workspace& workspace, const std::string& name) {
  CAIRN_TRY(check_experiment_name(name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  auto commit = git->resolve(ref_of(name));
  if (!commit.ok()) {
    return commit.error().code() == Code::not_found ? unknown(name) : commit.error();
  }
  CAIRN_TRY_ASSIGN(git::Commit read, git->read_commit(*commit));
  auto experiment = read_experiment(name, read);
  return experiment ? Result<Experiment>(std::move(*experiment)) : unknown(name);
}

Status remove_experiments(project::Workspace& workspace, const std::vector<std::string>& names) {
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  for (const std::string& name : names) {
    CAIRN_TRY(find_experiment(workspace, name));
  }
  for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
    CAIRN_TRY(git->remove_ref(ref_of(name)));
  }
  return {};
}

Status branch_experiment(project::Workspace& workspace, const std::string& name, const std::string& branch) {
  CAIRN_TRY_ASSIGN(Experiment experiment, find_experiment(workspace, name));
  CAIRN_TRY_ASSIGN(git::Repository * git, workspace.git());
  std::string ref = "refs/heads/" + branch;
  if (branch.starts_with('-') || !git::is_ref_name(ref)) {
    return Error(Code::usage, quoted(branch) + " cannot name a branch");
  }
  Status made = git->create_ref(ref, experiment.commit);
  if (!made.ok() && made.error().code() == Code::exists) {
    return Error(Code::exists, "there is a branch " + quoted(branch),
                 "cairn exp branch " + escaped(name) + " OTHER-NAME");
  }
  return made;
}

}  // namespace cairn::ops
