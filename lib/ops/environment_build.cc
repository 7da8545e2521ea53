// SPDX-License-Identifier: Apache-2.0
#include "ops/environment_build.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/environment_links.h"
#include "ops/environments.h"
#include "ops/pipelines.h"
#include "os/path.h"
#include "os/process.h"
#include "pipeline/shell_words.h"
#include "version/environment_plan.h"
#include "version/programs.h"

namespace cairn::ops {
namespace {

using pipeline::EnvironmentSpec;

/// Lines of a failed command's output that are shown.
constexpr std::size_t kShownLines = 40;

std::string command_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& word : argv) {
    line += (line.empty() ? "" : " ") + pipeline::shell_quoted(word);
  }
  return line;
}

std::vector<std::string> last_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) {
      lines.push_back(escaped(text.substr(0, end)));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(std::min(kShownLines, lines.size())));
  return lines;
}

/// An environment as it stands, held against the record.
struct Standing {
  bool same = false;
  std::vector<version::EnvironmentChange> changes;
  std::optional<Error> error;  ///< it could not be captured
};

/// One environment with what the lock says of it.
struct Wanted {
  const EnvironmentSpec* spec = nullptr;
  store::Object object;
  std::optional<text::Value> record;
};

class Builder {
 public:
  Builder(project::Workspace& tree, const project::Workspace& original, Context& context)
      : tree_(tree),
        original_(original),
        context_(context),
        capture_(tree.paths().root, version::Executing::yes, context.stop) {}

  Status build(const Wanted& wanted, EnvironmentBuild& out) {
    CAIRN_TRY_ASSIGN(Standing before, compare(wanted));
    CAIRN_TRY_ASSIGN(std::vector<std::string> kinds, kinds_to_make(wanted, before));
    for (const std::string& kind : kinds) {
      CAIRN_TRY_ASSIGN(auto error, make_once(kind, wanted, out));
      if (error && !out.error) {
        out.error = std::move(error);
      }
    }
    capture_.forget();
    CAIRN_TRY_ASSIGN(Standing after, kinds.empty() ? Result<Standing>(std::move(before)) : compare(wanted));
    for (const version::EnvironmentChange& change : after.changes) {
      out.differences.push_back(change.text);
    }
    if (after.error && !out.error) {
      out.error = std::move(after.error);
    }
    out.state = out.error       ? BuildState::cannot_build
                : !after.same   ? BuildState::differs
                : kinds.empty() ? BuildState::as_recorded
                                : BuildState::built;
    return {};
  }

 private:
  Result<Standing> compare(const Wanted& wanted) {
    Standing out;
    auto captured = capture_.capture(*wanted.spec);
    if (!captured.ok()) {
      if (captured.error().code() == Code::interrupted) {
        return captured.error();
      }
      out.error = captured.error();
      return out;
    }
    out.same = (*captured)->object == wanted.object;
    if (wanted.record) {
      out.changes = version::compare_environments(*wanted.record, (*captured)->record);
    }
    return out;
  }

  /// Kinds that differ and consist of installed packages, and those whose folder or image is not there
  /// although the record, which tells of their lock alone, is the same.
  Result<std::vector<std::string>> kinds_to_make(const Wanted& wanted, const Standing& now) {
    std::vector<std::string> kinds;
    auto differs = [&](std::string_view kind) {
      return !now.same && !now.error &&
             (!wanted.record || std::any_of(now.changes.begin(), now.changes.end(),
                                            [kind](const auto& change) { return change.kind == kind; }));
    };
    const EnvironmentSpec& spec = *wanted.spec;
    if (spec.python && !spec.python->interpreter.empty() && differs("python")) {
      kinds.emplace_back("python");
    }
    if (spec.conda && !(spec.conda->prefix.empty() && spec.conda->name.empty()) && differs("conda")) {
      kinds.emplace_back("conda");
    }
    for (const PackageFolder& folder : package_folders(spec)) {
      CAIRN_TRY_ASSIGN(auto there, tree_.files().find_stat(folder.path));
      if (!there && !folder.lock.empty()) {
        kinds.push_back(folder.kind);
      }
    }
    if (spec.image && (differs("image") || !image_is_here(*spec.image))) {
      kinds.emplace_back("image");
    }
    return kinds;
  }

  bool image_is_here(const pipeline::ImageSpec& image) {
    std::vector<std::string> engines = {"docker", "podman"};
    if (!image.engine.empty()) {
      engines = {image.engine};
    }
    for (const std::string& name : engines) {
      if (auto engine = find(name)) {
        auto answer = run({*engine, "image", "inspect", "--format", "{{.Id}}", "--", image.reference}, "");
        return answer.ok() && answer->exit.ok();
      }
    }
    return false;
  }

  std::optional<std::string> find(const std::string& name) const {
    return version::find_program_outside(name, {tree_.paths().root, original_.paths().root});
  }

  Result<os::Captured> run(const std::vector<std::string>& argv, const std::string& folder) const {
    os::ProcessOptions options;
    options.argv = argv;
    options.folder = os::join(tree_.paths().root, folder);
    return os::capture(options, {std::chrono::milliseconds(0), &context_.stop});
  }

  /// Several environments may have one folder: the first makes it. The value is why it could not be made.
  Result<std::optional<Error>> make_once(const std::string& kind, const Wanted& wanted,
                                         EnvironmentBuild& out) {
    const std::string packages = tree_.paths().state + "/recorded-packages.txt";
    if (wanted.record) {
      CAIRN_TRY(os::make_folders(tree_.paths().state, os::Durable::no));
      CAIRN_TRY(os::write_atomic(packages, as_bytes(version::recorded_packages(*wanted.record)),
                                 {0666, false, os::Durable::no}));
    }
    version::PlanOptions options{tree_.paths().root, [this](const std::string& name) { return find(name); },
                                 wanted.record ? &*wanted.record : nullptr, packages,
                                 wanted.spec->image && image_is_here(*wanted.spec->image)};
    auto plan = version::plan_environment(kind, *wanted.spec, options);
    if (!plan.ok()) {
      return std::optional(plan.error());
    }
    const std::string key = plan->makes.empty() ? wanted.spec->image->reference : plan->makes;
    auto made = made_.find(key);
    if (made == made_.end()) {
      CAIRN_TRY_ASSIGN(auto error, make(*plan, out));
      made = made_.emplace(key, std::move(error)).first;
    }
    return made->second;
  }

  /// Makes it in place of a link; the link comes back where that fails.
  Result<std::optional<Error>> make(const version::EnvironmentPlan& plan, EnvironmentBuild& out) {
    out.notes.insert(out.notes.end(), plan.notes.begin(), plan.notes.end());
    if (plan.makes.empty()) {
      return run_all(plan, out);
    }
    CAIRN_TRY_ASSIGN(auto there, tree_.files().find_stat(plan.makes));
    if (there && there->kind != os::Kind::symlink) {
      return std::optional(Error(Code::conflict, quoted(plan.makes) + " is in Git and is not replaced"));
    }
    CAIRN_TRY(tree_.files().remove(plan.makes));
    CAIRN_TRY_ASSIGN(auto error, run_all(plan, out));
    if (error) {
      CAIRN_TRY(tree_.files().remove_tree(plan.makes));
    }
    if (error && there) {
      CAIRN_TRY(tree_.files().make_symlink(plan.makes, os::join(original_.paths().root, plan.makes)));
    }
    return error;
  }

  Result<std::optional<Error>> run_all(const version::EnvironmentPlan& plan, EnvironmentBuild& out) {
    for (const version::BuildCommand& command : plan.commands) {
      CAIRN_TRY_ASSIGN(auto error, run_shown(command.argv, command.folder, out));
      if (error && command.if_failed.empty()) {
        return error;
      }
      if (error) {
        out.notes.push_back(command.if_failed);
        return command.otherwise.empty() ? Result<std::optional<Error>>(std::optional<Error>())
                                         : run_shown(command.otherwise, command.folder, out);
      }
    }
    return std::optional<Error>();
  }

  Result<std::optional<Error>> run_shown(const std::vector<std::string>& argv, const std::string& folder,
                                         EnvironmentBuild& out) {
    const std::string line = command_line(argv);
    out.commands.push_back(line);
    context_.log.info("$ " + escaped(line));
    auto done = run(argv, folder);
    if (!done.ok() && done.error().code() == Code::interrupted) {
      return done.error();
    }
    if (!done.ok() || done->exit.ok()) {
      return done.ok() ? std::optional<Error>() : std::optional(done.error());
    }
    std::vector<std::string> lines = last_lines(done->out + done->err);
    for (const std::string& shown : lines) {
      context_.log.info(shown);
    }
    return std::optional(Error(Code::partial,
                               quoted(os::name_of(argv.front())) + " failed with status " +
                                   std::to_string(done->exit.status) +
                                   (lines.empty() ? "" : ": " + lines.back()),
                               line));
  }

  project::Workspace& tree_;
  const project::Workspace& original_;
  Context& context_;
  version::EnvironmentCapture capture_;
  std::map<std::string, std::optional<Error>> made_;  // folders and images that were tried
};

}  // namespace

Result<std::vector<EnvironmentBuild>> build_environments(project::Workspace& tree,
                                                         const project::Workspace& original,
                                                         const pipeline::Graph& graph,
                                                         const std::vector<pipeline::StageIndex>& stages,
                                                         Context& context) {
  CAIRN_TRY(link_environments(tree, original, graph, stages));
  CAIRN_TRY_ASSIGN(Locks locks, Locks::load(tree, graph));
  std::vector<EnvironmentBuild> out;
  std::vector<Wanted> wanted;
  std::map<std::string, std::size_t> known;
  for (pipeline::StageIndex index : stages) {
    const pipeline::Stage& stage = graph.stage(index);
    if (!stage.environment) {
      continue;
    }
    const pipeline::StageLock* block = locks.find(stage);
    const bool recorded = block != nullptr && block->environment;
    const std::string key = version::environment_key(*stage.environment) +
                            (recorded ? block->environment->id.text() : std::string());
    auto [entry, added] = known.emplace(key, out.size());
    if (added) {
      EnvironmentBuild& build = out.emplace_back();
      build.state = recorded ? BuildState::as_recorded : BuildState::not_recorded;
      Wanted& one = wanted.emplace_back(Wanted{&*stage.environment, {}, std::nullopt});
      if (recorded) {
        one.object = *block->environment;
        CAIRN_TRY_ASSIGN(one.record, find_environment(tree, one.object));
      }
    }
    out[entry->second].stages.push_back(graph.address(index));
  }
  Builder builder(tree, original, context);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].state != BuildState::not_recorded) {
      CAIRN_TRY(builder.build(wanted[i], out[i]));
    }
  }
  return out;
}

}  // namespace cairn::ops
