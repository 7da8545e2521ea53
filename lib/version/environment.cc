// SPDX-License-Identifier: Apache-2.0
#include "version/environment.h"

#include <array>

#include "base/escape.h"
#include "codec/hash.h"
#include "text/yaml.h"
#include "text/yaml_writer.h"
#include "version/environment_kinds.h"
#include "version/system_facts.h"

namespace cairn::version {
namespace {

constexpr std::string_view kShown = "environment record";
constexpr std::int64_t kVersion = 1;

using text::Value;

Value list_of(const std::vector<std::string>& items) {
  Value out = Value::list();
  for (const std::string& item : items) {
    out.append(Value::string(item));
  }
  return out;
}

/// Puts the kinds into a record one after the other.
class Recorder {
 public:
  Recorder(Value& record, const CaptureContext& context) : record_(record), context_(context) {}

  template <class Spec, class Capture>
  Status add(std::string_view key, const std::optional<Spec>& spec, Capture capture) {
    return spec ? add(key, capture(*spec, context_)) : Status();
  }
  Status add(std::string_view key, Result<Value> captured) {
    CAIRN_TRY_ASSIGN(Value value, std::move(captured));
    if (!value.is(text::Kind::null)) {
      record_.set(key, std::move(value));
    }
    return {};
  }

 private:
  Value& record_;
  const CaptureContext& context_;
};

Result<Value> capture_record(const pipeline::EnvironmentSpec& spec, const CaptureContext& context) {
  Value record = Value::map();
  record.set("cairn", Value::integer(kVersion));
  Recorder recorder(record, context);
  CAIRN_TRY(recorder.add("python", spec.python, capture_python));
  CAIRN_TRY(recorder.add("conda", spec.conda, capture_conda));
  CAIRN_TRY(recorder.add("uv", spec.uv, capture_uv));
  CAIRN_TRY(recorder.add("node", spec.node, capture_node));
  CAIRN_TRY(recorder.add("image", spec.image, capture_image));
  if (!spec.tools.empty()) {
    CAIRN_TRY(recorder.add("tools", capture_tools(spec, context)));
  }
  if (!spec.files.empty()) {
    CAIRN_TRY(recorder.add("files", capture_files(spec.files, context)));
  }
  if (spec.system) {
    record.set("system", system_facts());
  }
  return record;
}

/// The key of the record that something unchecked belongs to: "tools" of "tools: gcc --version".
std::string_view key_of(std::string_view unchecked) {
  return unchecked.substr(0, unchecked.find(':'));
}

/// The order in which a record has its keys.
constexpr std::array<std::string_view, 9> kKeys = {"cairn", "python", "conda", "uv",    "node",
                                                   "image", "tools",  "files", "system"};

Value in_order(const Value& record) {
  Value out = Value::map();
  for (std::string_view key : kKeys) {
    if (const Value* value = record.find(key)) {
      out.set(key, *value);
    }
  }
  return out;
}

}  // namespace

std::string environment_key(const pipeline::EnvironmentSpec& spec) {
  Value key = Value::list();
  auto add = [&key](Value value) { key.append(std::move(value)); };
  add(spec.python ? list_of({spec.python->interpreter, spec.python->is_venv ? "venv" : ""}) : Value::null());
  add(spec.python ? list_of(spec.python->files) : Value::null());
  add(spec.conda ? list_of({spec.conda->file, spec.conda->name, spec.conda->prefix}) : Value::null());
  add(spec.uv ? Value::string(*spec.uv) : Value::null());
  add(spec.node ? Value::string(*spec.node) : Value::null());
  add(spec.image ? list_of({spec.image->reference, spec.image->engine}) : Value::null());
  add(list_of(spec.tools));
  add(list_of(spec.files));
  add(Value::boolean(spec.system));
  return canonical(key);
}

CapturedEnvironment to_captured(Value record) {
  CapturedEnvironment out;
  out.text = text::write_yaml(record);
  out.object = {store::Family::blob, codec::hash(as_bytes(out.text)), out.text.size()};
  out.record = std::move(record);
  return out;
}

Result<Value> parse_environment(std::string_view text) {
  CAIRN_TRY_ASSIGN(Value record, text::parse_yaml(text, kShown));
  const Value* version = record.find("cairn");
  if (version == nullptr || !version->is(text::Kind::integer)) {
    return Error(Code::malformed, std::string(kShown) + ": no 'cairn: 1'");
  }
  if (version->int_value() > kVersion) {
    return Error(Code::unsupported,
                 std::string(kShown) + " has version " + std::to_string(version->int_value()) +
                     ", this cairn knows version " + std::to_string(kVersion),
                 "install a newer cairn");
  }
  return record;
}

CapturedEnvironment complete_from(const CapturedEnvironment& captured, const Value& known) {
  Value record = captured.record;
  for (const std::string& missing : captured.unchecked) {
    std::string_view key = key_of(missing);
    if (const Value* value = known.find(key); value != nullptr && record.find(key) == nullptr) {
      record.set(key, *value);
    }
  }
  CapturedEnvironment out = to_captured(in_order(record));
  out.unchecked = captured.unchecked;
  return out;
}

Status store_environment(store::Writer& writer, const CapturedEnvironment& captured) {
  CAIRN_TRY_ASSIGN(store::Id id, writer.put_blob(as_bytes(captured.text)));
  CAIRN_CHECK(id == captured.object.id);
  return {};
}

Result<std::shared_ptr<const CapturedEnvironment>> EnvironmentCapture::capture(
    const pipeline::EnvironmentSpec& spec) {
  std::lock_guard lock(mutex_);
  std::string key = environment_key(spec);
  if (auto found = known_.find(key); found != known_.end()) {
    return found->second;
  }
  std::vector<std::string> unchecked;
  CAIRN_TRY_ASSIGN(Value record, capture_record(spec, {root_, executing_, stop_, unchecked}));
  auto captured = std::make_shared<CapturedEnvironment>(to_captured(std::move(record)));
  captured->unchecked = std::move(unchecked);
  known_.emplace(std::move(key), captured);
  return std::shared_ptr<const CapturedEnvironment>(captured);
}

void EnvironmentCapture::forget() {
  std::lock_guard lock(mutex_);
  known_.clear();
}

}  // namespace cairn::version
