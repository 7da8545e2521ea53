// SPDX-License-Identifier: Apache-2.0
#include "ops/pipeline_inputs.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/glob_overlap.h"
#include "pipeline/lock_outputs.h"
#include "pipeline/near_name.h"
#include "pipeline/shell_words.h"
#include "pipeline/stage_path.h"
#include "project/add.h"
#include "project/pointer.h"
#include "project/project_paths.h"
#include "runner/copy_tree.h"

namespace cairn::ops {
namespace {

/// As many are listed in a message.
constexpr std::size_t kListed = 12;

class Finder {
 public:
  Finder(project::Workspace& tree, const pipeline::Graph& graph) : tree_(tree), graph_(graph) {}

  Result<std::vector<PipelineInput>> find(const std::vector<pipeline::StageIndex>& stages) {
    CAIRN_TRY_ASSIGN(pointers_, project::find_tracked(tree_, pipeline::read_lock_outputs));
    std::erase_if(pointers_, [](const project::Tracked& one) {
      return one.source != project::Tracked::Source::pointer;
    });
    for (pipeline::StageIndex index : stages) {
      const pipeline::Stage& stage = graph_.stage(index);
      for (const pipeline::Dep& dep : stage.frozen ? std::vector<pipeline::Dep>() : stage.deps) {
        CAIRN_TRY(add(dep));
      }
    }
    std::vector<PipelineInput> out;
    for (auto& [path, input] : inputs_) {
      out.push_back(std::move(input));
    }
    return out;
  }

 private:
  Status add(const pipeline::Dep& dep) {
    const std::string path = dep.glob ? pipeline::PathPattern::glob(dep.path).base() : dep.path;
    bool holds_pointers = false;
    bool in_pointer = false;
    for (const project::Tracked& one : pointers_) {
      const bool around = os::is_within(path, one.path);
      if (around || os::is_within(one.path, path)) {
        const bool folder = one.object.family == store::Family::tree;
        inputs_.insert_or_assign(one.path, PipelineInput{one.path, InputKeeper::cairn, folder, one.object});
        holds_pointers = holds_pointers || one.path != path;
        in_pointer = in_pointer || around;
      }
    }
    if (dep.glob || graph_.maker_of(path) || !graph_.makers_inside(path).empty() || inputs_.contains(path)) {
      return {};
    }
    if (in_pointer) {
      inputs_.emplace(path, PipelineInput{path, InputKeeper::cairn, false, std::nullopt});
    } else if (!holds_pointers) {
      CAIRN_TRY_ASSIGN(auto stat, tree_.files().find_stat(path));
      const bool folder = stat && stat->kind == os::Kind::folder;
      inputs_.emplace(path, PipelineInput{path, stat ? InputKeeper::git : InputKeeper::nobody, folder, {}});
    }
    return {};
  }

  project::Workspace& tree_;
  const pipeline::Graph& graph_;
  std::vector<project::Tracked> pointers_;
  std::map<std::string, PipelineInput> inputs_;
};

/// Reads the words of --data.
class Chooser {
 public:
  Chooser(const std::vector<PipelineInput>& inputs, const UserFolder& folder)
      : inputs_(inputs), folder_(folder) {}

  Result<InputChoice> choose(const std::string& word) const {
    for (std::size_t at = word.find('='); at != std::string::npos; at = word.find('=', at + 1)) {
      if (const PipelineInput* input = named(word.substr(0, at))) {
        return with_file(*input, word.substr(at + 1));
      }
    }
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos && !real_path(word).ok()) {
      return unknown(word.substr(0, equals), word.substr(equals + 1));
    }
    CAIRN_TRY(real_path(word));
    CAIRN_TRY_ASSIGN(const PipelineInput* input, only_one(word));
    return with_file(*input, word);
  }

 private:
  [[nodiscard]] const PipelineInput* named(const std::string& name) const {
    auto path = pipeline::resolve_path(name, folder_.project);
    for (const PipelineInput& input : inputs_) {
      if (path.ok() && (input.path == *path || project::pointer_path(input.path) == *path)) {
        return &input;
      }
    }
    return nullptr;
  }

  [[nodiscard]] Result<std::string> real_path(const std::string& file) const {
    const std::string path = file.starts_with('/') ? file : os::join(folder_.absolute, file);
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    if (error) {
      return Error::from_errno(error.value(), "cannot read", file);
    }
    return real.string();
  }

  [[nodiscard]] Result<InputChoice> with_file(const PipelineInput& input, const std::string& written) const {
    CAIRN_TRY_ASSIGN(std::string file, real_path(written));
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(file));
    const bool folder = stat && stat->kind == os::Kind::folder;
    if (!stat || (!folder && stat->kind != os::Kind::file)) {
      return Error(Code::usage, quoted(written) + " is neither a file nor a folder");
    }
    const bool whole = input.keeper == InputKeeper::git || input.object;
    if (whole && folder != input.is_folder) {
      return Error(Code::usage, quoted(written) + " is a " + (folder ? "folder" : "file") +
                                    ", and the input " + quoted(input.path) + " is a " +
                                    (input.is_folder ? "folder" : "file"));
    }
    return InputChoice{input, written, std::move(file)};
  }

  /// "--data raw.csv=new.csv" for each input.
  [[nodiscard]] std::string choices(const std::string& file) const {
    std::string text;
    for (std::size_t i = 0; i < std::min(inputs_.size(), kListed); ++i) {
      const std::string input = pipeline::path_from(inputs_[i].path, folder_.project);
      text += (i == 0 ? "--data " : ", or --data ") + pipeline::shell_quoted(input + "=" + file);
    }
    return text + (inputs_.size() > kListed ? ", …" : "");
  }

  [[nodiscard]] Result<const PipelineInput*> only_one(const std::string& file) const {
    for (InputKeeper keeper : {InputKeeper::cairn, InputKeeper::git, InputKeeper::nobody}) {
      std::vector<const PipelineInput*> found;
      for (const PipelineInput& input : inputs_) {
        const bool part = keeper == InputKeeper::cairn && !input.object;  // of a folder that is in the list
        if (input.keeper == keeper && !part) {
          found.push_back(&input);
        }
      }
      if (found.size() == 1) {
        return found.front();
      }
      if (found.size() > 1) {
        return Error(Code::usage,
                     "the pipeline has more than one input that " + quoted(file) + " may stand for",
                     choices(file));
      }
    }
    return no_inputs();
  }

  [[nodiscard]] Error unknown(const std::string& name, const std::string& file) const {
    if (inputs_.empty()) {
      return no_inputs();
    }
    std::vector<std::string> paths;
    std::vector<std::string_view> names;
    for (const PipelineInput& input : inputs_) {
      paths.push_back(pipeline::path_from(input.path, folder_.project));
    }
    names.assign(paths.begin(), paths.end());
    return {Code::not_found, quoted(name) + " is no input of the stages that run",
            pipeline::did_you_mean(name, names, choices(file))};
  }

  [[nodiscard]] static Error no_inputs() {
    return {Code::usage, "the stages that run read no data that could be replaced", "cairn dag"};
  }

  const std::vector<PipelineInput>& inputs_;
  const UserFolder& folder_;
};

}  // namespace

Result<std::vector<PipelineInput>> pipeline_inputs(project::Workspace& tree, const pipeline::Graph& graph,
                                                   const std::vector<pipeline::StageIndex>& stages) {
  return Finder(tree, graph).find(stages);
}

Result<std::vector<InputChoice>> choose_inputs(const std::vector<PipelineInput>& inputs,
                                               const std::vector<std::string>& words,
                                               const UserFolder& folder) {
  std::vector<InputChoice> choices;
  const Chooser chooser(inputs, folder);
  for (const std::string& word : words) {
    CAIRN_TRY_ASSIGN(InputChoice choice, chooser.choose(word));
    for (const InputChoice& other : choices) {
      if (os::is_within(other.input.path, choice.input.path) ||
          os::is_within(choice.input.path, other.input.path)) {
        return Error(Code::usage, "the input " + quoted(other.input.path) + " is given twice",
                     "leave out one --data");
      }
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

Result<std::vector<std::optional<store::Object>>> put_inputs(project::Workspace& tree,
                                                             const std::vector<InputChoice>& choices,
                                                             const Context& context) {
  project::AddOptions add;
  add.force = true;  // the file may be older than the pointer
  for (const InputChoice& choice : choices) {
    CAIRN_TRY_ASSIGN(os::Root from, os::Root::open(std::string(os::parent_of(choice.file))));
    CAIRN_TRY(tree.files().remove_tree(choice.input.path));
    CAIRN_TRY(runner::copy_tree(from, std::string(os::name_of(choice.file)), tree.files(), choice.input.path,
                                context.stop));
    if (choice.input.keeper != InputKeeper::git) {
      add.targets.push_back(choice.input.path);
    }
  }
  std::map<std::string, store::Object> objects;
  if (!add.targets.empty()) {
    CAIRN_TRY_ASSIGN(os::FileLock lock, tree.lock());
    CAIRN_TRY_ASSIGN(auto report, project::add(tree, add, pipeline::read_lock_outputs, context));
    for (const project::AddedPath& path : report.paths) {
      if (path.error) {
        return *path.error;
      }
      if (path.object) {
        objects.emplace(path.path, *path.object);
      }
    }
  }
  std::vector<std::optional<store::Object>> out;
  for (const InputChoice& choice : choices) {
    auto found = objects.find(choice.input.path);
    out.push_back(found == objects.end() ? std::nullopt : std::optional(found->second));
  }
  return out;
}

}  // namespace cairn::ops
