// SPDX-License-Identifier: Apache-2.0
#include "version/run_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/key.h"
#include "pipeline/stage_path.h"
#include "text/yaml_writer.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Value;

constexpr std::int64_t kVersion = 1;

/// Adds a key that is not there yet; Value::set would look for it.
void add(std::vector<Entry>& map, std::string_view key, Value value) {
  Entry& entry = map.emplace_back();
  entry.key = key;
  entry.value = std::move(value);
}

Value number(std::uint64_t value) {
  return Value::integer(static_cast<std::int64_t>(value));
}

void add_usage(std::vector<Entry>& map, const RunUsage& usage) {
  add(map, "wall_us", Value::integer(usage.wall_us));
  add(map, "user_us", Value::integer(usage.user_us));
  add(map, "system_us", Value::integer(usage.system_us));
  add(map, "peak_memory", number(usage.peak_memory));
  add(map, "read_bytes", number(usage.read_bytes));
  add(map, "written_bytes", number(usage.written_bytes));
}

void add_ending(std::vector<Entry>& map, const RunRecord& record) {
  add(map, "status", Value::string(status_name(record.status)));
  add(map, "exit", Value::integer(record.exit_status));
  if (record.signal != 0) {
    add(map, "signal", Value::integer(record.signal));
  }
  add(map, "attempts", Value::integer(record.attempts));
  if (!record.failure.empty()) {
    add(map, "failure", Value::string(record.failure));
  }
}

void add_origin(std::vector<Entry>& map, const RunRecord& record) {
  add(map, "cairn_version", Value::string(record.cairn));
  if (!record.commit.empty()) {
    add(map, "commit", Value::string(record.commit));
    add(map, "dirty", Value::boolean(record.dirty));
  }
  if (!record.system.is(text::Kind::null)) {
    add(map, "system", record.system);
  }
  if (Value conditions = to_value(record.conditions); !conditions.entries().empty()) {
    add(map, "conditions", std::move(conditions));
  }
}

Value log_value(const RunLog& log) {
  std::vector<Entry> map;
  add(map, "hash", Value::string(log.object.id.text()));
  add(map, "size", number(log.object.size));
  add(map, "printed", number(log.bytes));
  return Value::map(std::move(map));
}

std::string private_text(const RunRecord& record) {
  std::vector<Entry> map;
  if (!record.host.empty()) {
    add(map, "host", Value::string(record.host));
  }
  if (!record.user.empty()) {
    add(map, "user", Value::string(record.user));
  }
  if (!record.conditions.folder.empty()) {
    add(map, "folder", Value::string(record.conditions.folder));
  }
  return map.empty() ? "" : text::write_yaml(Value::map(std::move(map)));
}

}  // namespace

std::string_view status_name(RunStatus status) {
  switch (status) {
    case RunStatus::ok:
      return "ok";
    case RunStatus::failed:
      return "failed";
    case RunStatus::timed_out:
      return "timed_out";
    case RunStatus::interrupted:
      return "interrupted";
  }
  return "";
}

std::string_view status_words(RunStatus status) {
  return status == RunStatus::timed_out ? "timed out" : status_name(status);
}

std::string stage_folder(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  return colon == std::string_view::npos ? "" : std::string(os::parent_of(address.substr(0, colon)));
}

std::uint64_t stage_mark(std::string_view address) {
  return codec::checksum(as_bytes(address));
}

std::uint64_t result_mark(const pipeline::StageLock& block, const std::string& folder) {
  std::vector<std::pair<std::string, const pipeline::LockedOut*>> sorted;
  for (const pipeline::LockedOut& out : block.outs) {
    sorted.emplace_back(pipeline::path_from(out.path, folder), &out);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Buffer bytes;
  for (const auto& [path, out] : sorted) {
    append_le(bytes, std::uint64_t{path.size()});
    append(bytes, as_bytes(path));
    const auto& state = out->state;
    bytes.push_back(!state ? '-' : state->is_tree() ? 't' : state->executable ? 'x' : 'f');
    append(bytes, state ? Bytes(state->object.id.bytes) : Bytes());
  }
  return codec::checksum(bytes);
}

std::string utc_text(std::int64_t ms) {
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ms % 1000);
}

EncodedRun encode_run(const RunRecord& record, Reuse reuse) {
  const std::string folder = stage_folder(record.stage);
  std::vector<Entry> map;
  add(map, "cairn", Value::integer(kVersion));
  add(map, "stage", Value::string(record.stage));
  add_ending(map, record);
  add(map, "key", Value::string(record.key.text()));
  add(map, "start", Value::string(utc_text(record.start_ms)));
  add_usage(map, record.usage);
  add_origin(map, record);
  if (record.log) {
    add(map, "log", log_value(*record.log));
  }
  add(map, "lock", Value::string(pipeline::write_lock({{record.block}}, folder)));
  EncodedRun run;
  run.text = text::write_yaml(Value::map(std::move(map)));
  run.private_text = private_text(record);
  run.id = codec::hash(as_bytes(run.text));
  run.key = record.key;
  run.stage = stage_mark(record.stage);
  run.result = result_mark(record.block, folder);
  run.reusable = reuse == Reuse::yes;
  return run;
}

Status check_run(const EncodedRun& run) {
  if (codec::hash(as_bytes(run.text)) != run.id) {
    return Error(Code::malformed, "the record of run " + run.id.hex().substr(0, kShortRunId) +
                                      " is damaged: its text does not have its id");
  }
  CAIRN_TRY_ASSIGN(const RunRecord record, parse_run(run.text + run.private_text));
  const std::string folder = stage_folder(record.stage);
  const bool same_key = record.key == run.key && pipeline::stage_key(record.block, folder) == run.key;
  if (!same_key || run.stage != stage_mark(record.stage) || run.result != result_mark(record.block, folder) ||
      (run.reusable && record.status != RunStatus::ok)) {
    return Error(Code::malformed, "the record of run " + run.id.hex().substr(0, kShortRunId) + " of stage " +
                                      quoted(record.stage) + " contradicts itself");
  }
  return {};
}

}  // namespace cairn::version
