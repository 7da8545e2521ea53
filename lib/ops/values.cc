// SPDX-License-Identifier: Apache-2.0
#include "ops/values.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/inputs.h"
#include "project/pointer.h"
#include "report/flatten.h"
#include "store/reader.h"

namespace cairn::ops {
namespace {

using text::Value;

/// Files of params and metrics are small; a larger one is no such file.
constexpr std::uint64_t kMaxFile = 16u << 20;

/// A target of the command line: "FILE" or "FILE:KEY,KEY".
struct Target {
  std::string path;
  std::vector<std::string> keys;
};

Target parse_target(const std::string& written, ValueKind kind) {
  std::size_t colon = written.rfind(':');
  if (kind == ValueKind::metrics || colon == std::string::npos) {
    return {written, {}};
  }
  Target target{written.substr(0, colon), {}};
  for (std::size_t begin = colon + 1; begin <= written.size();) {
    std::size_t end = std::min(written.find(',', begin), written.size());
    if (end > begin) {
      target.keys.push_back(written.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return target;
}

/// What is declared at or inside the targets; a target that is not declared stands for itself.
std::map<std::string, DeclaredParams> select(const std::map<std::string, DeclaredParams>& declared,
                                             const ValueRequest& request) {
  if (request.targets.empty()) {
    return declared;
  }
  std::map<std::string, DeclaredParams> out;
  for (const std::string& written : request.targets) {
    Target target = parse_target(written, request.kind);
    bool found = false;
    for (const auto& [path, params] : declared) {
      if (target.keys.empty() && os::is_within(path, target.path)) {
        out[path] = path == target.path ? DeclaredParams{true, {}} : params;
        found = true;
      }
    }
    if (!found) {
      out[target.path] = DeclaredParams{target.keys.empty(), target.keys};
    }
  }
  return out;
}

/// The wanted part of a params file; nothing when it has none of the keys.
std::optional<Value> pick(const Value& document, const std::string& path, const DeclaredParams& wanted) {
  if (wanted.whole) {
    return document;
  }
  pipeline::ParamFile file;
  file.file = path;
  for (const std::string& key : wanted.keys) {
    file.keys.push_back({key, {}});
  }
  std::vector<report::FlatValue> found;
  for (const pipeline::FoundParam& param : pipeline::find_params(file, &document)) {
    if (param.value) {
      found.push_back({param.key, *param.value});
    }
  }
  return found.empty() ? std::nullopt : std::optional(report::nest(found));
}

}  // namespace

Result<const ValueReader::LockedFiles*> ValueReader::locked(Snapshot& snapshot, const std::string& folder) {
  static const LockedFiles kNone;
  std::string path = os::join(folder, pipeline::kLockFile);
  CAIRN_TRY_ASSIGN(auto content, snapshot.content_name(path));
  if (!content) {
    return &kNone;
  }
  std::string key = path + '\0' + *content;
  auto known = locks_.find(key);
  if (known == locks_.end()) {
    CAIRN_TRY_ASSIGN(std::string text, snapshot.read(path, *content));
    CAIRN_TRY_ASSIGN(pipeline::Lock lock, pipeline::parse_lock(text, path));
    LockedFiles files;
    for (const pipeline::StageLock& stage : lock.stages) {
      for (const pipeline::LockedOut& out : stage.outs) {
        if (out.state && out.stored()) {
          files.outs.emplace(out.path, out.state->object);
        }
        if (out.state && !out.glob.empty()) {
          files.matches.push_back({out.path, out.glob, out.kind});
        }
      }
    }
    known = locks_.emplace(std::move(key), std::move(files)).first;
  }
  return &known->second;
}

Result<std::optional<store::Id>> ValueReader::find_inside(const store::Object& object,
                                                          std::string_view inner) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  store::Reader reader(*store);
  store::Id at = object.id;
  bool is_tree = object.family == store::Family::tree;
  for (std::string_view part : os::parts_of(inner)) {
    if (!is_tree) {
      return std::optional<store::Id>();
    }
    CAIRN_TRY_ASSIGN(store::Tree tree, reader.read_tree(at));
    const store::TreeEntry* entry = tree.find(part);
    if (entry == nullptr || entry->kind == store::TreeKind::symlink) {
      return std::optional<store::Id>();
    }
    at = entry->id;
    is_tree = entry->kind == store::TreeKind::folder;
  }
  return is_tree ? std::optional<store::Id>() : std::optional(at);
}

Result<std::optional<store::Id>> ValueReader::find_in_locks(const Look& look, const std::string& path) {
  for (const std::string& folder : look.found.folders) {
    CAIRN_TRY_ASSIGN(const LockedFiles* files, locked(*look.snapshot, folder));
    for (std::string_view at = path; !at.empty(); at = os::parent_of(at)) {
      auto out = files->outs.find(std::string(at));
      if (out != files->outs.end()) {
        return find_inside(out->second, at == path ? "" : std::string_view(path).substr(at.size() + 1));
      }
    }
  }
  return std::optional<store::Id>();
}

Result<std::optional<store::Id>> ValueReader::find_in_pointers(Snapshot& snapshot, const std::string& path) {
  for (std::string_view at = path; !at.empty(); at = os::parent_of(at)) {
    std::string pointer_path = project::pointer_path(at);
    CAIRN_TRY_ASSIGN(auto content, snapshot.content_name(pointer_path));
    if (content) {
      CAIRN_TRY_ASSIGN(std::string text, snapshot.read(pointer_path, *content));
      CAIRN_TRY_ASSIGN(project::Pointer pointer, project::parse_pointer(text, pointer_path));
      return find_inside(pointer.object, at == path ? "" : std::string_view(path).substr(at.size() + 1));
    }
  }
  return std::optional<store::Id>();
}

Result<ValueReader::Content> ValueReader::stored(const Look& look, const std::string& path,
                                                 const store::Id& id) {
  std::string name = id.text();
  if (auto known = contents_.find(name); known != contents_.end()) {
    return Content{name, known->second};
  }
  CAIRN_TRY_ASSIGN(store::Store * store, workspace_.store());
  auto bytes = store::Reader(*store).read_object(store::Family::blob, id, kMaxFile);
  if (!bytes.ok()) {
    return bytes.error().code() == Code::not_found
               ? Error(Code::not_found, quoted(path) + " is not here", look.snapshot->fetch_hint(path))
               : bytes.error().with_context(escaped(path));
  }
  std::string text(as_text(*bytes));
  contents_.emplace(name, text);
  return Content{std::move(name), std::move(text)};
}

Result<ValueReader::Look> ValueReader::look(const ChosenRevision& revision) {
  Look look;
  look.snapshot = revision.commit ? snapshots_.of_commit(*revision.commit) : snapshots_.of_workspace();
  CAIRN_TRY_ASSIGN(look.found, declarations_.at(*look.snapshot));
  for (const std::string& folder : look.found.folders) {
    CAIRN_TRY_ASSIGN(const LockedFiles* files, locked(*look.snapshot, folder));
    for (const Match& match : files->matches) {
      if (!look.found.declared.globs.contains(match.glob)) {
        continue;
      }
      if (match.kind == pipeline::OutKind::metric) {
        look.found.declared.metrics.insert(match.path);
      } else if (match.kind == pipeline::OutKind::plot) {
        look.found.declared.plots.emplace(match.path, Value::null());
      }
    }
  }
  return look;
}

Result<std::optional<ValueReader::Content>> ValueReader::content(const Look& look, const std::string& path) {
  CAIRN_TRY_ASSIGN(auto name, look.snapshot->content_name(path));
  if (name) {
    CAIRN_TRY_ASSIGN(std::string text, look.snapshot->read(path, *name));
    return std::optional(Content{std::move(*name), std::move(text)});
  }
  return kept_content(look, path);
}

Result<std::optional<store::Id>> ValueReader::find_kept(const Look& look, const std::string& path) {
  auto id = find_in_locks(look, path);
  if (id.ok() && !*id) {
    id = find_in_pointers(*look.snapshot, path);
  }
  if (!id.ok() && id.error().code() == Code::not_found) {
    return Error(Code::not_found, quoted(path) + " is not here", look.snapshot->fetch_hint(path));
  }
  return id;
}

Result<std::optional<ValueReader::Content>> ValueReader::kept_content(const Look& look,
                                                                      const std::string& path) {
  CAIRN_TRY_ASSIGN(const std::optional<store::Id> found, find_kept(look, path));
  if (!found) {
    return std::optional<Content>();
  }
  CAIRN_TRY_ASSIGN(Content kept, stored(look, path, *found));
  return std::optional(std::move(kept));
}

Result<std::optional<Value>> ValueReader::document(const Look& look, const std::string& path) {
  CAIRN_TRY_ASSIGN(auto name, look.snapshot->content_name(path));
  if (name) {
    CAIRN_TRY_ASSIGN(const Value* value, documents_.read(*look.snapshot, path, *name));
    return std::optional(*value);
  }
  CAIRN_TRY_ASSIGN(auto found, kept_content(look, path));
  if (!found) {
    return std::optional<Value>();
  }
  CAIRN_TRY_ASSIGN(const Value* value, documents_.parse(found->name, found->text, path));
  return std::optional(*value);
}

Result<std::map<std::string, DeclaredParams>> ValueReader::wanted(const Look& look,
                                                                  const ValueRequest& request) {
  std::map<std::string, DeclaredParams> files;
  const Declared& declared = look.found.declared;
  if (request.kind == ValueKind::metrics) {
    for (const std::string& path : declared.metrics) {
      files.emplace(path, DeclaredParams{true, {}});
    }
    return select(files, request);
  }
  files = declared.stage_params;
  if (!request.stages_only) {
    std::set<std::string> whole = declared.listed_params;
    whole.emplace(pipeline::kDefaultParams);
    for (const std::string& path : whole) {
      files[path].whole = true;
    }
  }
  return select(files, request);
}

Result<Values> ValueReader::read(const ChosenRevision& revision, const ValueRequest& request) {
  CAIRN_TRY_ASSIGN(Look looked, look(revision));
  Values values;
  values.errors = looked.found.errors;
  CAIRN_TRY_ASSIGN(auto files, wanted(looked, request));
  for (const auto& [path, part] : files) {
    auto whole = document(looked, path);
    if (!whole.ok()) {
      values.errors.push_back(whole.error());
      continue;
    }
    std::optional<Value> picked = *whole ? pick(**whole, path, part) : std::nullopt;
    if (picked) {
      values.documents.push_back({path, std::move(*picked)});
    }
  }
  return values;
}

namespace {

void add_errors(std::vector<Error>& to, const std::vector<Error>& errors, const std::string& revision) {
  for (const Error& error : errors) {
    to.push_back(revision.empty() || revision == "workspace" ? error : error.with_context(escaped(revision)));
  }
}

/// A target that no state has was mistyped.
Status check_targets(const ValueRequest& request, const std::set<std::string>& seen) {
  for (const std::string& written : request.targets) {
    Target target = parse_target(written, request.kind);
    bool found = std::any_of(seen.begin(), seen.end(),
                             [&target](const std::string& path) { return os::is_within(path, target.path); });
    if (!found) {
      return Error(Code::not_found, quoted(written) + " has no values in any of these revisions");
    }
  }
  return {};
}

void note(const Values& values, std::set<std::string>& seen) {
  for (const report::Document& document : values.documents) {
    seen.insert(document.path);
  }
}

}  // namespace

Result<ValuesReport> show_values(project::Workspace& workspace, const ValueRequest& request,
                                 const RevisionChoice& choice) {
  CAIRN_TRY_ASSIGN(auto revisions, choose_revisions(workspace, choice));
  ValueReader reader(workspace);
  ValuesReport report;
  std::set<std::string> seen;
  for (const ChosenRevision& revision : revisions) {
    auto read = reader.read(revision, request);
    if (!read.ok()) {
      add_errors(report.errors, {read.error()}, revision.name);
      continue;
    }
    note(*read, seen);
    add_errors(report.errors, read->errors, revision.name);
    report.revisions.push_back({revision.name, std::move(read->documents)});
  }
  if (report.errors.empty()) {
    CAIRN_TRY(check_targets(request, seen));
  }
  return report;
}

Result<ValuesDiff> diff_values(project::Workspace& workspace, const ValueRequest& request,
                               const std::string& before, const std::string& after,
                               report::Unchanged unchanged) {
  CAIRN_TRY_ASSIGN(ChosenRevision from, find_revision(workspace, before.empty() ? "HEAD" : before));
  CAIRN_TRY_ASSIGN(ChosenRevision to, find_revision(workspace, after));
  ValueReader reader(workspace);
  CAIRN_TRY_ASSIGN(Values old_values, reader.read(from, request));
  CAIRN_TRY_ASSIGN(Values new_values, reader.read(to, request));
  ValuesDiff diff{from.name, to.name, {}, {}};
  add_errors(diff.errors, old_values.errors, from.name);
  add_errors(diff.errors, new_values.errors, to.name);
  std::set<std::string> seen;
  note(old_values, seen);
  note(new_values, seen);
  if (diff.errors.empty()) {
    CAIRN_TRY(check_targets(request, seen));
  }
  diff.documents = report::compare(old_values.documents, new_values.documents, unchanged);
  return diff;
}

}  // namespace cairn::ops
