// SPDX-License-Identifier: Apache-2.0
#include "report/output_compare.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "base/human_size.h"
#include "report/compare_bytes.h"
#include "report/compare_rules.h"
#include "report/content_change.h"

namespace cairn::report {
namespace {

using project::ChangeKind;
using project::ChangeSide;
using project::FileChange;
using store::TreeKind;
using version::Difference;

double number_of(const text::Value& value) {
  return value.is(text::Kind::integer) ? static_cast<double>(value.int_value()) : value.float_value();
}

std::vector<std::string> names_of(const text::Value& list) {
  std::vector<std::string> names;
  for (const text::Value& item : list.items()) {
    names.push_back(item.raw());
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  return escaped(fmt::format("{}", fmt::join(names, ", ")));
}

std::string_view kind_name(TreeKind kind) {
  return kind == TreeKind::folder ? "a folder" : kind == TreeKind::symlink ? "a symlink" : "a file";
}

Difference told(std::string before, std::string after, std::string text) {
  Difference difference;
  difference.before = std::move(before);
  difference.after = std::move(after);
  difference.text = std::move(text);
  return difference;
}

Difference kinds_differ(TreeKind before, TreeKind after) {
  return told(std::string(kind_name(before)), std::string(kind_name(after)),
              fmt::format("{} became {}", kind_name(before), kind_name(after)));
}

Difference executable_bit(bool after) {
  return after ? told("", "executable", "it became executable")
               : told("executable", "", "it is not executable any more");
}

/// "1.20 MiB of 3.40 MiB"; "" for a file of one chunk, of which nothing is known.
Result<std::string> changed_bytes(store::Reader& reader, const ChangeSide& before, const ChangeSide& after) {
  CAIRN_TRY_ASSIGN(const ContentChange change,
                   content_change(reader, {store::Family::blob, before.id, before.size},
                                  {store::Family::blob, after.id, after.size}));
  return change.changed == 0 || change.changed == change.total
             ? std::string()
             : fmt::format("{} of {}", human_size(change.changed), human_size(change.total));
}

Result<RuleOutcome> apply_rule(store::Reader& reader, const store::Id& before, const store::Id& after,
                               const CompareRule& rule) {
  switch (rule.kind) {
    case CompareRule::Kind::tolerance:
      return compare_numbers(reader, before, after, rule);
    case CompareRule::Kind::rows:
      return compare_rows(reader, before, after, rule);
    case CompareRule::Kind::ignore:
      return compare_documents(reader, before, after, rule);
    case CompareRule::Kind::exact:
      break;
  }
  return RuleOutcome();
}

/// Two files with different content.
Result<OutputComparison> compare_contents(store::Reader& reader, const ChangeSide& before,
                                          const ChangeSide& after, const CompareRule& rule) {
  std::string unfit;
  if (rule.kind != CompareRule::Kind::exact) {
    CAIRN_TRY_ASSIGN(RuleOutcome by_rule, apply_rule(reader, before.id, after.id, rule));
    if (by_rule.unfit.empty()) {
      return std::move(by_rule.comparison);
    }
    unfit = fmt::format(" (compared as bytes: {})", by_rule.unfit);
  }
  OutputComparison out;
  CAIRN_TRY_ASSIGN(out.first, compare_bytes(reader, before.id, after.id));
  out.first->text += unfit;
  CAIRN_TRY_ASSIGN(out.extent, changed_bytes(reader, before, after));
  return out;
}

Result<OutputComparison> compare_files(store::Reader& reader, const ChangeSide& before,
                                       const ChangeSide& after, const CompareRule& rule) {
  OutputComparison out;
  out.equal = true;
  if (before.id != after.id) {
    CAIRN_TRY_ASSIGN(out, compare_contents(reader, before, after, rule));
  }
  if (out.equal && before.kind != after.kind) {
    out.equal = false;
    out.first = executable_bit(after.kind == TreeKind::executable);
  }
  return out;
}

bool is_file(const std::optional<ChangeSide>& side) {
  return side && (side->kind == TreeKind::file || side->kind == TreeKind::executable);
}

/// What one changed path of a folder comes to.
Result<OutputComparison> compare_change(store::Reader& reader, const FileChange& change,
                                        const CompareRule& rule) {
  if (is_file(change.before) && is_file(change.after)) {
    return compare_files(reader, *change.before, *change.after, rule);
  }
  OutputComparison out;
  if (!change.before) {
    out.first = told("", std::string(kind_name(change.after->kind)), "it was not there");
  } else if (!change.after) {
    out.first = told(std::string(kind_name(change.before->kind)), "", "it is missing");
  } else if (change.kind == ChangeKind::type_changed) {
    out.first = kinds_differ(change.before->kind, change.after->kind);
  } else {
    const std::string before = excerpt(change.before->target);
    const std::string after = excerpt(change.after->target);
    out.first = told(before, after, fmt::format("the link to '{}' leads to '{}'", before, after));
  }
  return out;
}

Result<OutputComparison> compare_folders(store::Reader& reader, const pipeline::PathState& before,
                                         const pipeline::PathState& after, const CompareRule& rule) {
  CAIRN_TRY_ASSIGN(const auto changes, changed_files(reader, project::side_of(before.object, false),
                                                     project::side_of(after.object, false)));
  OutputComparison out;
  std::uint64_t differing = 0;
  std::uint64_t gone = 0;
  for (const FileChange& change : changes) {
    CAIRN_TRY_ASSIGN(OutputComparison one, compare_change(reader, change, rule));
    gone += change.after ? 0U : 1U;
    if (one.equal) {
      continue;
    }
    ++differing;
    if (!out.first) {
      out.first = std::move(one.first);
      out.first->file = change.path;
      out.first->text = escaped(change.path) + ": " + out.first->text;
    }
  }
  out.equal = differing == 0;
  const std::uint64_t total = std::max(after.files + gone, differing);  // an empty folder counts as a file
  out.extent = out.equal ? "" : fmt::format("{} of {} {}", differing, total, total == 1 ? "file" : "files");
  return out;
}

}  // namespace

CompareRule compare_rule(const text::Value& declared) {
  CompareRule rule;
  for (const text::Entry& entry : declared.entries()) {
    if (entry.key == "rows") {
      rule.kind = CompareRule::Kind::rows;
      rule.rows = names_of(entry.value);
    } else if (entry.key == "ignore") {
      rule.kind = CompareRule::Kind::ignore;
      rule.ignore = names_of(entry.value);
    } else {
      rule.kind = CompareRule::Kind::tolerance;
      (entry.key == "rtol" ? rule.rtol : rule.atol) = number_of(entry.value);
    }
  }
  return rule;
}

std::string rule_words(const CompareRule& rule) {
  switch (rule.kind) {
    case CompareRule::Kind::exact:
      return "exact";
    case CompareRule::Kind::tolerance:
      return fmt::format("rtol {}, atol {}", rule.rtol, rule.atol);
    case CompareRule::Kind::rows:
      return "rows by " + joined(rule.rows);
    case CompareRule::Kind::ignore:
      return "ignoring " + joined(rule.ignore);
  }
  return "";
}

Result<OutputComparison> compare_outputs(store::Reader& reader, const pipeline::PathState& before,
                                         const pipeline::PathState& after, const CompareRule& rule) {
  OutputComparison out;
  if (before.object.family == after.object.family && before.object.id == after.object.id &&
      before.executable == after.executable) {
    out.identical = true;
    out.equal = true;
    return out;
  }
  const ChangeSide old_side = project::side_of(before.object, before.executable);
  const ChangeSide new_side = project::side_of(after.object, after.executable);
  if (before.is_tree() != after.is_tree()) {
    out.first = kinds_differ(old_side.kind, new_side.kind);
    return out;
  }
  return before.is_tree() ? compare_folders(reader, before, after, rule)
                          : compare_files(reader, old_side, new_side, rule);
}

}  // namespace cairn::report
