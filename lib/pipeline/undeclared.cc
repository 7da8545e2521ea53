// SPDX-License-Identifier: Apache-2.0
#include "pipeline/undeclared.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "os/path.h"

namespace cairn::pipeline {
namespace {

constexpr std::size_t kManySiblings = 10;
constexpr std::string_view kPythonCache = "__pycache__";

/// Files and folders, to ask what is in them or above them.
class PathSet {
 public:
  PathSet() = default;
  explicit PathSet(const std::vector<std::string>& paths) { add(paths); }

  void add(const std::vector<std::string>& paths) { paths_.insert(paths.begin(), paths.end()); }

  /// One of them is `path` or a folder above it.
  [[nodiscard]] bool covers(std::string_view path) const {
    if (paths_.count("") != 0) {
      return true;
    }
    for (; !path.empty(); path = os::parent_of(path)) {
      if (paths_.find(path) != paths_.end()) {
        return true;
      }
    }
    return false;
  }

  /// One of them is inside `folder`.
  [[nodiscard]] bool any_inside(std::string_view folder) const {
    const std::string prefix = std::string(folder) + "/";
    const auto next = paths_.lower_bound(prefix);
    return next != paths_.end() && next->starts_with(prefix);
  }

 private:
  std::set<std::string, std::less<>> paths_;
};

using FolderTest = std::function<bool(const std::string& folder)>;

/// Paths as a tree of folders, to be told by as few names as is useful.
class Grouping {
 public:
  /// Folders for which `mixed` is true are not told.
  Grouping(const FolderTest& mixed, bool code) : mixed_(mixed), code_(code) {}

  void add_file(std::string_view path) { node_at(path).is_file = true; }
  void add_folder(std::string_view path) { node_at(path).is_folder = true; }

  void tell(std::vector<UndeclaredPath>& out) const { tell(root_, "", out); }

 private:
  struct Node {
    std::map<std::string, Node, std::less<>> children;
    bool is_file = false;
    bool is_folder = false;  ///< told whole, if it can be
  };

  Node& node_at(std::string_view path) {
    Node* node = &root_;
    for (std::string_view part : os::parts_of(path)) {
      node = &node->children[std::string(part)];
    }
    return *node;
  }

  static std::size_t files_in(const Node& node) {
    std::size_t count = node.is_file ? 1 : 0;
    for (const auto& child : node.children) {
      count += files_in(child.second);
    }
    return count;
  }

  void tell(const Node& node, const std::string& path, std::vector<UndeclaredPath>& out) const {
    if (node.is_file) {
      out.push_back({path, 1, false, code_});
      return;
    }
    const bool whole = node.is_folder || node.children.size() >= kManySiblings;
    if (whole && !path.empty() && !mixed_(path)) {
      out.push_back({path, files_in(node), true, code_});
      return;
    }
    for (const auto& [name, child] : node.children) {
      tell(child, os::join(path, name), out);
    }
  }

  const FolderTest& mixed_;
  bool code_;
  Node root_;
};

bool in_python_cache(std::string_view path) {
  const std::vector<std::string_view> parts = os::parts_of(path);
  return std::find(parts.begin(), parts.end(), kPythonCache) != parts.end();
}

/// "pkg/__pycache__/mod.cpython-311.opt-1.pyc" is compiled from "pkg/mod.py"; any other path is itself.
std::string source_of(std::string_view path) {
  std::string_view folder = os::parent_of(path);
  if (os::name_of(folder) != kPythonCache || !path.ends_with(".pyc")) {
    return std::string(path);
  }
  std::string_view name = os::name_of(path);
  name.remove_suffix(4);
  if (const std::size_t optimised = name.rfind(".opt-"); optimised != std::string_view::npos) {
    name = name.substr(0, optimised);
  }
  name = name.substr(0, name.rfind('.'));
  return os::join(os::parent_of(folder), std::string(name) + ".py");
}

/// Files that cairn or Git keep beside the data; programs read them without depending on them.
bool is_bookkeeping(std::string_view path) {
  const std::string_view name = os::name_of(path);
  return name == kPipelineFile || name == kLockFile || name.ends_with(".cairn") || name == ".cairnignore" ||
         name == ".gitignore" || name == ".gitattributes";
}

bool any_tracked_inside(const TrackedFiles& tracked, const std::string& folder) {
  bool found = false;
  tracked.each_inside(folder, [&found](std::string_view) { found = true; });
  return found;
}

std::vector<UndeclaredPath> grouped(const std::vector<std::string>& files,
                                    const std::vector<std::string>& folders, const FolderTest& mixed,
                                    const TrackedFiles& tracked) {
  Grouping code(mixed, true);
  Grouping data(mixed, false);
  for (const std::string& file : files) {
    (tracked.contains(file) ? code : data).add_file(file);
  }
  for (const std::string& folder : folders) {
    data.add_folder(folder);
  }
  std::vector<UndeclaredPath> out;
  code.tell(out);
  data.tell(out);
  std::sort(out.begin(), out.end(),
            [](const UndeclaredPath& a, const UndeclaredPath& b) { return a.path < b.path; });
  return out;
}

std::vector<std::string> undeclared_reads(const Touched& touched, const PathSet& declared) {
  std::set<std::string> out;
  for (const std::string& path : touched.reads) {
    std::string source = source_of(path);
    if (!is_bookkeeping(source) && !in_python_cache(source) && !declared.covers(source)) {
      out.insert(std::move(source));
    }
  }
  return {out.begin(), out.end()};
}

std::vector<std::string> uncovered(const std::vector<std::string>& paths, const PathSet& declared) {
  std::vector<std::string> out;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(out), [&declared](const std::string& path) {
    return !in_python_cache(path) && !declared.covers(path);
  });
  return out;
}

/// Outermost folders of which nothing but the names was looked at.
std::vector<std::string> only_listed(const std::vector<std::string>& listed, const PathSet& declared,
                                     const PathSet& touched, const TrackedFiles& tracked) {
  std::vector<std::string> sorted = listed;
  std::sort(sorted.begin(), sorted.end());
  PathSet told;
  std::vector<std::string> out;
  for (const std::string& folder : sorted) {
    if (folder.empty() || in_python_cache(folder) || declared.covers(folder) || told.covers(folder) ||
        declared.any_inside(folder) || touched.any_inside(folder) || any_tracked_inside(tracked, folder)) {
      continue;
    }
    told.add({folder});
    out.push_back(folder);
  }
  return out;
}

void add_found(std::vector<std::string>& out, const std::vector<FoundPath>& found) {
  for (const FoundPath& path : found) {
    if (path.state.has_value()) {
      out.push_back(path.path);
    }
  }
}

}  // namespace

Declared declared_by(const Stage& stage, const Inputs& inputs, const std::vector<FoundPath>& outs) {
  Declared out;
  for (const Dep& dep : stage.deps) {
    if (!dep.glob) {
      out.inputs.push_back(dep.path);
    }
  }
  for (const ParamFile& params : stage.params) {
    out.inputs.push_back(params.file);
  }
  add_found(out.inputs, inputs.deps);
  add_found(out.inputs, inputs.code);
  for (const Out& declared : stage.outs) {
    if (!declared.glob) {
      out.outputs.push_back(declared.path);
    }
  }
  add_found(out.outputs, inputs.outs);
  add_found(out.outputs, outs);
  return out;
}

std::string UndeclaredPath::shown() const {
  return folder ? path + "/" : path;
}

Undeclared find_undeclared(const Declared& declared, const Touched& touched, const UndeclaredRules& rules) {
  const PathSet outputs(declared.outputs);
  PathSet readable(declared.inputs);
  readable.add(declared.outputs);
  readable.add(rules.apart);
  PathSet writable(declared.outputs);
  writable.add(rules.apart);

  const std::vector<std::string> reads = undeclared_reads(touched, readable);
  const std::vector<std::string> writes = uncovered(touched.writes, writable);
  std::vector<std::string> made = uncovered(touched.made, writable);
  // A folder made for an out is no result of its own.
  made.erase(std::remove_if(made.begin(), made.end(),
                            [&outputs](const std::string& folder) { return outputs.any_inside(folder); }),
             made.end());

  PathSet no_reads(rules.all_outs);
  no_reads.add(declared.outputs);
  no_reads.add(writes);
  PathSet no_writes(rules.all_outs);
  no_writes.add(declared.outputs);
  no_writes.add(declared.inputs);
  no_writes.add(reads);
  const auto mixed_writes = [&no_writes, &rules](const std::string& folder) {
    return no_writes.any_inside(folder) || any_tracked_inside(rules.tracked, folder);
  };

  Undeclared out;
  out.reads = grouped(
      reads, {}, [&no_reads](const std::string& folder) { return no_reads.any_inside(folder); },
      rules.tracked);
  out.writes = grouped(writes, made, mixed_writes, rules.tracked);
  out.removed = grouped(
      uncovered(touched.removed, writable), {}, [](const std::string&) { return false; }, rules.tracked);
  PathSet seen(reads);
  seen.add(writes);
  seen.add(made);
  out.listed = only_listed(touched.listed, readable, seen, rules.tracked);
  return out;
}

}  // namespace cairn::pipeline
