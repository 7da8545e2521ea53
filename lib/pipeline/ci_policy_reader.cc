// SPDX-License-Identifier: Apache-2.0
#include "pipeline/ci_policy_reader.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/escape.h"
#include "pipeline/key_table.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

struct PolicyDraft {
  CiPolicy policy;
  std::string_view folder;
};

std::optional<double> read_limit(std::string_view key, const Value& value, ValueReader& reader) {
  if (value.is(Kind::integer)) {
    return static_cast<double>(value.int_value());
  }
  if (value.is(Kind::floating) && std::isfinite(value.float_value())) {
    return value.float_value();
  }
  reader.wrong_type(key, "a number", value);
  return std::nullopt;
}

constexpr std::array<KeyReader<MetricRule>, 2> kRuleKeys{{
    {"min", [](const Value& v, MetricRule& rule, ValueReader& r) { rule.min = read_limit("min", v, r); }},
    {"max", [](const Value& v, MetricRule& rule, ValueReader& r) { rule.max = read_limit("max", v, r); }},
}};

/// A metric without limits only has to be there.
void read_rule(const Entry& entry, MetricRule rule, CiPolicy& policy, ValueReader& reader) {
  rule.key = entry.key;
  rule.at = entry.key_begin;
  if (!entry.value.is(Kind::null)) {
    read_keys<MetricRule>(reader.map(entry.key, entry.value), kRuleKeys,
                          fmt::format("for metric {}", quoted(entry.key)), rule, reader);
  }
  policy.metrics.push_back(std::move(rule));
}

void read_metrics(const Value& value, PolicyDraft& draft, ValueReader& reader) {
  for (const Entry& file : reader.map("metrics", value)) {
    MetricRule rule;
    rule.file = reader.path(file.key, file.key_begin, draft.folder).value_or("");
    for (const Entry& entry : reader.map(file.key, file.value)) {
      read_rule(entry, rule, draft.policy, reader);
    }
  }
}

void read_drift_from(const Value& value, PolicyDraft& draft, ValueReader& reader) {
  draft.policy.drift_from = reader.filled("drift_from", value).value_or("");
  draft.policy.drift_from_at = value.begin();
}

void read_verified(const Value& value, PolicyDraft& draft, ValueReader& reader) {
  draft.policy.verified_at = value.begin();
  if (value.is(Kind::list)) {
    draft.policy.verified = reader.strings("verified", value);
  } else if (value.is(Kind::boolean)) {
    draft.policy.verify_all = value.bool_value();
  } else {
    reader.wrong_type("verified", "true, false or a list of stages", value);
  }
}

constexpr std::array<KeyReader<PolicyDraft>, 3> kKeys{
    {{"metrics", read_metrics}, {"drift_from", read_drift_from}, {"verified", read_verified}}};

}  // namespace

CiPolicy read_ci_policy(const Value& value, std::string_view folder, ValueReader& reader) {
  PolicyDraft draft{{}, folder};
  read_keys<PolicyDraft>(reader.map("ci", value), kKeys, "in 'ci'", draft, reader);
  return std::move(draft.policy);
}

}  // namespace cairn::pipeline
