// SPDX-License-Identifier: Apache-2.0
#include "ops/drift.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "ops/profile_cache.h"
#include "ops/snapshot.h"
#include "os/path.h"
#include "report/html.h"

namespace cairn::ops {
namespace {

/// One table's content in both states; nothing where a state does not have it.
struct Pair {
  std::optional<FileContent> before;
  std::optional<FileContent> after;
};

const git::NameFilter& table_names() {
  static const git::NameFilter names = {".csv", ".tsv", ".jsonl", ".ndjson"};
  return names;
}

Result<std::vector<pipeline::DriftGate>> gates_at(project::Workspace& workspace,
                                                  const ChosenRevision& revision) {
  Snapshots snapshots(workspace);
  const std::unique_ptr<Snapshot> snapshot =
      revision.commit ? snapshots.of_commit(*revision.commit) : snapshots.of_workspace();
  CAIRN_TRY_ASSIGN(const std::vector<std::string> files, snapshot->pipeline_files());
  std::vector<pipeline::DriftGate> gates;
  for (const std::string& file : files) {
    CAIRN_TRY_ASSIGN(const auto content, snapshot->content_name(file));
    if (content) {
      CAIRN_TRY_ASSIGN(const std::string text, snapshot->read(file, *content));
      CAIRN_TRY_ASSIGN(auto found, pipeline::parse_drift_gates(text, file));
      std::move(found.begin(), found.end(), std::back_inserter(gates));
    }
  }
  return gates;
}

/// A table that is new or gone breaks the rule of the schema.
void check(FileDrift& file, const std::vector<pipeline::DriftRule>& rules,
           const std::vector<std::string>& columns) {
  if (file.drift) {
    auto hits = report::check_drift(*file.drift, rules, columns);
    std::move(hits.begin(), hits.end(), std::back_inserter(file.hits));
    return;
  }
  for (const pipeline::DriftRule& rule : rules) {
    if (file.change != TableChange::unchanged && rule.measure == pipeline::DriftMeasure::schema) {
      file.hits.push_back({"", rule.measure, 0, 0, file.change == TableChange::added ? "is new" : "is gone"});
    }
  }
}

/// Compares the tables of two states.
class DriftFinder {
 public:
  DriftFinder(project::Workspace& workspace, ChosenRevision before, ChosenRevision after,
              const DriftRequest& request, const Context& context)
      : workspace_(workspace),
        before_(std::move(before)),
        after_(std::move(after)),
        request_(request),
        context_(context) {}

  Result<DriftReport> run() {
    CAIRN_TRY_ASSIGN(const auto pairs, find_pairs());
    if (!request_.rules) {
      CAIRN_TRY_ASSIGN(gates_, gates_at(workspace_, after_));
    }
    DriftReport report{before_.name, after_.name, {}, {}};
    for (const auto& [path, pair] : pairs) {
      auto file = compare(path, pair);
      if (!file.ok() && file.error().code() == Code::interrupted) {
        return file.error();
      }
      if (!file.ok()) {
        report.errors.push_back(file.error());
      } else if (file->change != TableChange::unchanged || !request_.paths.empty()) {
        gate(*file);
        report.files.push_back(std::move(*file));
      }
    }
    return report;
  }

 private:
  Result<std::map<std::string, Pair>> find_pairs() {
    CAIRN_TRY_ASSIGN(auto before, files_at(workspace_, before_, request_.paths, table_names(), context_));
    CAIRN_TRY_ASSIGN(auto after, files_at(workspace_, after_, request_.paths, table_names(), context_));
    std::map<std::string, Pair> pairs;
    for (FileContent& file : before) {
      pairs[file.path].before = std::move(file);
    }
    for (FileContent& file : after) {
      pairs[file.path].after = std::move(file);
    }
    for (const std::string& path : request_.paths) {
      const auto found = pairs.lower_bound(path);
      if (found == pairs.end() || !os::is_within(found->first, path)) {
        return Error(
            Code::not_found,
            quoted(path) + " holds no table in " + quoted(before_.name) + " or " + quoted(after_.name),
            "cairn ls shows what is tracked");
      }
    }
    return pairs;
  }

  Result<FileDrift> compare(const std::string& path, const Pair& pair) {
    CAIRN_TRY(table_format(path));
    FileDrift file{path, TableChange::changed, std::nullopt, {}};
    if (!pair.before || !pair.after) {
      file.change = pair.before ? TableChange::removed : TableChange::added;
      return file;
    }
    if (pair.before->same_as(*pair.after)) {
      file.change = TableChange::unchanged;
      return file;
    }
    CAIRN_TRY_ASSIGN(const auto before, find_profile(workspace_, before_, *pair.before, context_));
    CAIRN_TRY_ASSIGN(const auto after, find_profile(workspace_, after_, *pair.after, context_));
    if (before.id == after.id) {
      file.change = TableChange::unchanged;
      return file;
    }
    file.drift = report::compare_profiles(before, after);
    return file;
  }

  void gate(FileDrift& file) const {
    if (request_.rules) {
      check(file, *request_.rules, {});
    }
    for (const pipeline::DriftGate& gate : gates_) {
      if (os::is_within(file.path, gate.path)) {
        check(file, gate.rules, gate.columns);
      }
    }
  }

  project::Workspace& workspace_;
  ChosenRevision before_;
  ChosenRevision after_;
  const DriftRequest& request_;
  const Context& context_;
  std::vector<pipeline::DriftGate> gates_;
};

Result<report::Profile> profile_file(const std::string& path, const std::string& written,
                                     const Context& context) {
  CAIRN_TRY_ASSIGN(const report::RecordFormat format, table_format(path));
  CAIRN_TRY_ASSIGN(auto source, open_plain_file(path));
  return report::build_profile(*source, format, written, context);
}

std::string_view words(TableChange change) {
  switch (change) {
    case TableChange::changed:
      return "changed";
    case TableChange::unchanged:
      return "unchanged";
    case TableChange::added:
      return "new";
    case TableChange::removed:
      return "gone";
  }
  return "";
}

}  // namespace

bool DriftReport::hit() const {
  return std::any_of(files.begin(), files.end(), [](const FileDrift& file) { return !file.hits.empty(); });
}

Result<DriftReport> find_drift(project::Workspace& workspace, const DriftRequest& request,
                               const Context& context) {
  CAIRN_TRY_ASSIGN(ChosenRevision before, find_revision(workspace, request.before));
  CAIRN_TRY_ASSIGN(ChosenRevision after, find_revision(workspace, request.after));
  return DriftFinder(workspace, std::move(before), std::move(after), request, context).run();
}

Result<DriftReport> find_file_drift(const DriftRequest& request, const std::string& before_path,
                                    const std::string& after_path, const Context& context) {
  CAIRN_TRY_ASSIGN(const auto before, profile_file(before_path, request.before, context));
  CAIRN_TRY_ASSIGN(const auto after, profile_file(after_path, request.after, context));
  FileDrift file{request.after, TableChange::changed, report::compare_profiles(before, after), {}};
  check(file, request.rules.value_or(std::vector<pipeline::DriftRule>()), {});
  return DriftReport{request.before, request.after, {std::move(file)}, {}};
}

std::string drift_page(const DriftReport& report) {
  std::string body;
  for (const FileDrift& file : report.files) {
    body += "<h2>" + report::html_text(file.path) + "</h2>\n";
    for (const report::DriftHit& hit : file.hits) {
      body += "<p>" + report::html_mark(report::html_text(hit.text), false) + "</p>\n";
    }
    body += file.drift ? "<p>" + std::to_string(file.drift->rows_before) + " rows before, " +
                             std::to_string(file.drift->rows_after) + " after</p>\n" +
                             report::drift_html(*file.drift)
                       : "<p>" + std::string(words(file.change)) + "</p>\n";
  }
  return report::html_page("Drift from " + report.before + " to " + report.after,
                           body.empty() ? "<p>no table differs</p>\n" : body);
}

}  // namespace cairn::ops
