// SPDX-License-Identifier: Apache-2.0
#include "ops/ci_metrics.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace cairn::ops {
namespace {

using pipeline::MetricRule;
using report::CheckState;
using text::Kind;
using text::Value;

std::optional<double> number(const Value& value) {
  return value.is(Kind::integer)    ? std::optional(static_cast<double>(value.int_value()))
         : value.is(Kind::floating) ? std::optional(value.float_value())
                                    : std::nullopt;
}

/// Why a value breaks its rule; nothing where it does not. A NaN is within no limit.
std::optional<std::string> broken(const MetricRule& rule, const std::optional<Value>& value) {
  const std::string name = quoted(rule.key) + " of " + quoted(rule.file);
  if (!value) {
    return "metric " + name + " is missing";
  }
  const std::optional<double> found = number(*value);
  if ((rule.min || rule.max) && !found) {
    return "metric " + name + " is no number: " + escaped(text::canonical(*value));
  }
  const std::string is = "metric " + name + " is " + escaped(text::canonical(*value));
  if (rule.min && !(*found >= *rule.min)) {
    return fmt::format("{}, below {}", is, *rule.min);
  }
  if (rule.max && !(*found <= *rule.max)) {
    return fmt::format("{}, above {}", is, *rule.max);
  }
  return std::nullopt;
}

}  // namespace

Result<const std::vector<report::FlatValue>*> MetricCheck::values(const std::string& path) {
  auto known = files_.find(path);
  if (known == files_.end()) {
    ValueRequest request;
    request.kind = ValueKind::metrics;
    request.targets = {path};
    CAIRN_TRY_ASSIGN(const ChosenRevision workspace, find_revision(workspace_, ""));
    CAIRN_TRY_ASSIGN(const Values read, reader_.read(workspace, request));
    if (!read.errors.empty()) {
      return read.errors.front();
    }
    std::vector<report::FlatValue> values;
    for (const report::Document& document : read.documents) {
      if (document.path == path) {
        values = report::flatten(document.value);
      }
    }
    known = files_.emplace(path, std::move(values)).first;
  }
  return &known->second;
}

Result<std::optional<Value>> MetricCheck::find(const MetricRule& rule) {
  CAIRN_TRY_ASSIGN(const std::vector<report::FlatValue>* values, this->values(rule.file));
  for (const report::FlatValue& one : *values) {
    if (one.key == rule.key) {
      return std::optional(one.value);
    }
  }
  return std::optional<Value>();
}

Status MetricCheck::check(const std::string& file, const pipeline::CiPolicy& policy, report::Check& check) {
  for (const MetricRule& rule : policy.metrics) {
    const auto value = find(rule);
    if (!value.ok() && value.error().code() == Code::interrupted) {
      return value.error();
    }
    if (!value.ok()) {
      const bool absent = value.error().code() == Code::not_found;
      check.problems.push_back(
          {absent ? CheckState::unknown : CheckState::failed, file, rule.at.line, value.error()});
    } else if (const auto why = broken(rule, *value)) {
      check.problems.push_back(
          {CheckState::failed, file, rule.at.line, {Code::conflict, *why, "cairn metrics show"}});
    }
  }
  rules_ += policy.metrics.size();
  if (rules_ > 0) {
    check.about = std::to_string(rules_) + (rules_ == 1 ? " metric" : " metrics");
  }
  return {};
}

}  // namespace cairn::ops
