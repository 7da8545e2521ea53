// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <ctime>
#include <map>

#include "base/escape.h"
#include "os/path.h"
#include "text/diagnostics.h"
#include "text/yaml.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

/// What a record is called in messages; it is in no file of its own.
constexpr std::string_view kName = "run record";
constexpr int kMaxStatus = 255;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? std::optional(value)
                                                                                : std::nullopt;
}

/// Of utc_text's form only.
std::optional<std::int64_t> parse_utc(std::string_view text) {
  constexpr std::size_t kLength = 24;
  if (text.size() != kLength) {
    return std::nullopt;
  }
  std::tm parts{};
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17, 2));
  const auto ms = digits(text.substr(20, 3));
  if (!year || !month || !day || !hour || !minute || !second || !ms) {
    return std::nullopt;
  }
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  const std::int64_t value = static_cast<std::int64_t>(::timegm(&parts)) * 1000 + *ms;
  return value >= 0 && utc_text(value) == text ? std::optional(value) : std::nullopt;
}

class RecordReader {
 public:
  RecordReader(text::Diagnostics& problems, const std::optional<std::string>& folder)
      : problems_(problems), folder_(folder) {}

  Result<RunRecord> read(const Value& document) {
    for (const Entry& entry : document.entries()) {
      read_entry(entry);
    }
    for (std::string_view key :
         {"stage", "status", "exit", "attempts", "key", "start", "wall_us", "user_us", "system_us",
          "peak_memory", "read_bytes", "written_bytes", "cairn_version", "lock"}) {
      if (document.find(key) == nullptr) {
        problems_.add(document.begin(), fmt::format("lacks {}", quoted(key)));
      }
    }
    CAIRN_TRY(problems_.status());
    CAIRN_TRY(read_block());
    return std::move(record_);
  }

 private:
  void read_entry(const Entry& entry) {
    if (entry.key != "cairn" && !read_text(entry) && !read_number(entry) && !read_special(entry)) {
      problems_.add(entry.key_begin, "unknown key " + quoted(entry.key));
    }
  }

  bool read_text(const Entry& entry) {
    const std::map<std::string_view, std::string*> texts = {
        {"stage", &record_.stage},   {"failure", &record_.failure},
        {"commit", &record_.commit}, {"cairn_version", &record_.cairn},
        {"lock", &block_text_},      {"host", &record_.host},
        {"user", &record_.user}};
    const auto at = texts.find(entry.key);
    if (at == texts.end()) {
      return false;
    }
    *at->second = text_of(entry);
    return true;
  }

  bool read_number(const Entry& entry) {
    const std::string& key = entry.key;
    if (key == "exit") {
      record_.exit_status = static_cast<int>(number_of(entry, kMaxStatus));
    } else if (key == "signal") {
      record_.signal = static_cast<int>(number_of(entry, kMaxStatus));
    } else if (key == "attempts") {
      record_.attempts = static_cast<unsigned>(number_of(entry, UINT32_MAX));
    } else if (key == "wall_us") {
      record_.usage.wall_us = number_of(entry);
    } else if (key == "user_us") {
      record_.usage.user_us = number_of(entry);
    } else if (key == "system_us") {
      record_.usage.system_us = number_of(entry);
    } else if (key == "peak_memory") {
      record_.usage.peak_memory = static_cast<std::uint64_t>(number_of(entry));
    } else if (key == "read_bytes") {
      record_.usage.read_bytes = static_cast<std::uint64_t>(number_of(entry));
    } else if (key == "written_bytes") {
      record_.usage.written_bytes = static_cast<std::uint64_t>(number_of(entry));
    } else {
      return false;
    }
    return true;
  }

  bool read_special(const Entry& entry) {
    if (entry.key == "status") {
      read_status(entry);
    } else if (entry.key == "key") {
      record_.key = id_of(entry);
    } else if (entry.key == "start") {
      const auto ms = parse_utc(text_of(entry));
      record_.start_ms = ms.value_or(0);
      if (!ms) {
        problems_.add(entry.value.begin(), "'start' is no time");
      }
    } else if (entry.key == "dirty") {
      if (entry.value.is(Kind::boolean)) {
        record_.dirty = entry.value.bool_value();
      } else {
        wrong_type(entry, "true or false");
      }
    } else if (entry.key == "system") {
      record_.system = entry.value;
    } else if (entry.key == "log") {
      read_log(entry);
    } else {
      return false;
    }
    return true;
  }

  void read_status(const Entry& entry) {
    const std::string name = text_of(entry);
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
        log.object.id = id_of(field);
      } else if (field.key == "size") {
        log.object.size = static_cast<std::uint64_t>(number_of(field));
      } else if (field.key == "printed") {
        log.bytes = static_cast<std::uint64_t>(number_of(field));
      } else {
        problems_.add(field.key_begin, "unknown key " + quoted(field.key));
      }
    }
    for (std::string_view key : {"hash", "size", "printed"}) {
      if (entry.value.find(key) == nullptr) {
        problems_.add(entry.value.begin(), fmt::format("'log' lacks {}", quoted(key)));
      }
    }
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

  void wrong_type(const Entry& entry, std::string_view wanted) {
    problems_.add(entry.value.begin(),
                  fmt::format("{} must be {}, not {}", quoted(entry.key), wanted, entry.value.type_name()));
  }

  std::string text_of(const Entry& entry) {
    if (!entry.value.is(Kind::string)) {
      wrong_type(entry, "a string");
      return "";
    }
    return entry.value.string_value();
  }

  std::int64_t number_of(const Entry& entry, std::int64_t most = INT64_MAX) {
    if (!entry.value.is(Kind::integer)) {
      wrong_type(entry, "an integer");
      return 0;
    }
    const std::int64_t value = entry.value.int_value();
    if (value < 0 || value > most) {
      problems_.add(entry.value.begin(), quoted(entry.key) + " is out of range");
      return 0;
    }
    return value;
  }

  store::Id id_of(const Entry& entry) {
    const auto id = store::Id::from_text(text_of(entry));
    if (!id) {
      problems_.add(entry.value.begin(), quoted(entry.key) + " is no hash");
    }
    return id.value_or(store::Id());
  }

  text::Diagnostics& problems_;
  const std::optional<std::string>& folder_;
  RunRecord record_;
  std::string block_text_;
};

}  // namespace

Result<RunRecord> parse_run(std::string_view text, const std::optional<std::string>& folder) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, kName));
  const Value* version = document.find("cairn");
  if (version == nullptr || !version->is(Kind::integer) || version->int_value() < 1) {
    return Error(Code::malformed, "not a run record: it has no line 'cairn: 1'");
  }
  if (version->int_value() > 1) {
    return Error(
        Code::unsupported,
        fmt::format("run record format {} is newer than this cairn, which reads 1", version->int_value()),
        "install a newer cairn");
  }
  text::Diagnostics problems(kName, text);
  return RecordReader(problems, folder).read(document);
}

}  // namespace cairn::version
