// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "base/escape.h"
#include "os/path.h"
#include "text/diagnostics.h"
#include "text/yaml.h"
#include "version/field_reader.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// What a record is called in messages; it is in no file of its own.
constexpr std::string_view kName = "run record";
constexpr int kMaxStatus = 255;

class RecordReader {
 public:
  RecordReader(text::Diagnostics& problems, const std::optional<std::string>& folder)
      : problems_(problems), fields_(problems), folder_(folder) {}

  Result<RunRecord> read(const Value& document) {
    for (const Entry& entry : document.entries()) {
      read_entry(entry);
    }
    fields_.require(document, "",
                    {"stage", "status", "exit", "attempts", "key", "start", "wall_us", "user_us", "system_us",
                     "peak_memory", "read_bytes", "written_bytes", "cairn_version", "lock"});
    CAIRN_TRY(problems_.status());
    CAIRN_TRY(read_block());
    return std::move(record_);
  }

 private:
  void read_entry(const Entry& entry) {
    if (entry.key != "cairn" && !read_text(entry) && !read_number(entry) && !read_special(entry)) {
      fields_.unknown_key(entry);
    }
  }

  bool read_text(const Entry& entry) {
    const std::map<std::string_view, std::string*> texts = {
        {"stage", &record_.stage},   {"failure", &record_.failure},
        {"commit", &record_.commit}, {"cairn_version", &record_.cairn},
        {"lock", &block_text_},      {"host", &record_.host},
        {"user", &record_.user},     {"folder", &record_.conditions.folder}};
    const auto at = texts.find(entry.key);
    if (at == texts.end()) {
      return false;
    }
    *at->second = fields_.text_of(entry);
    return true;
  }

  bool read_number(const Entry& entry) {
    const std::string& key = entry.key;
    if (key == "exit") {
      record_.exit_status = static_cast<int>(fields_.number_of(entry, kMaxStatus));
    } else if (key == "signal") {
      record_.signal = static_cast<int>(fields_.number_of(entry, kMaxStatus));
    } else if (key == "attempts") {
      record_.attempts = static_cast<unsigned>(fields_.number_of(entry, UINT32_MAX));
    } else if (key == "wall_us") {
      record_.usage.wall_us = fields_.number_of(entry);
    } else if (key == "user_us") {
      record_.usage.user_us = fields_.number_of(entry);
    } else if (key == "system_us") {
      record_.usage.system_us = fields_.number_of(entry);
    } else if (key == "peak_memory") {
      record_.usage.peak_memory = fields_.size_of(entry);
    } else if (key == "read_bytes") {
      record_.usage.read_bytes = fields_.size_of(entry);
    } else if (key == "written_bytes") {
      record_.usage.written_bytes = fields_.size_of(entry);
    } else {
      return false;
    }
    return true;
  }

  bool read_special(const Entry& entry) {
    if (entry.key == "status") {
      read_status(entry);
    } else if (entry.key == "key") {
      record_.key = fields_.id_of(entry);
    } else if (entry.key == "start") {
      record_.start_ms = fields_.time_of(entry);
    } else if (entry.key == "dirty") {
      record_.dirty = fields_.boolean_of(entry);
    } else if (entry.key == "system") {
      record_.system = entry.value;
    } else if (entry.key == "conditions") {
      const std::string folder = record_.conditions.folder;
      record_.conditions = conditions_from(entry.value);
      record_.conditions.folder = folder;
    } else if (entry.key == "log") {
      read_log(entry);
    } else {
      return false;
    }
    return true;
  }

  void read_status(const Entry& entry) {
    const std::string name = fields_.text_of(entry);
    for (RunStatus status :
         {RunStatus::ok, RunStatus::failed, RunStatus::timed_out, RunStatus::interrupted}) {
      if (name == status_name(status)) {
        record_.status = status;
        return;
      }
    }
    problems_.add(entry.value.begin(), "unknown status " + quoted(name));
  }

  void read_log(const Entry& entry) {
    RunLog log;
    for (const Entry& field : entry.value.entries()) {
      if (field.key == "hash") {
        log.object.id = fields_.id_of(field);
      } else if (field.key == "size") {
        log.object.size = fields_.size_of(field);
      } else if (field.key == "printed") {
        log.bytes = fields_.size_of(field);
      } else {
        fields_.unknown_key(field);
      }
    }
    fields_.require(entry.value, "log", {"hash", "size", "printed"});
    record_.log = log;
  }

  Status read_block() {
    const std::string folder = folder_.value_or(stage_folder(record_.stage));
    auto lock = pipeline::parse_lock(block_text_, os::join(folder, pipeline::kLockFile));
    if (!lock.ok()) {
      return lock.error().with_context(kName);
    }
    if (lock->stages.size() != 1) {
      return Error(Code::malformed, std::string(kName) + ": its lock has not exactly one stage");
    }
    record_.block = std::move(lock->stages.front());
    return {};
  }

  text::Diagnostics& problems_;
  FieldReader fields_;
  const std::optional<std::string>& folder_;
  RunRecord record_;
  std::string block_text_;
};

}  // namespace

Result<RunRecord> parse_run(std::string_view text, const std::optional<std::string>& folder) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, kName));
  CAIRN_TRY(check_record_version(document, kName));
  text::Diagnostics problems(kName, text);
  return RecordReader(problems, folder).read(document);
}

}  // namespace cairn::version
