// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/escape.h"
#include "text/diagnostics.h"
#include "text/yaml.h"
#include "version/field_reader.h"
#include "version/plain_path.h"
#include "version/verdict.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

constexpr std::string_view kName = "verdict";

class VerdictReader {
 public:
  explicit VerdictReader(text::Diagnostics& problems) : fields_(problems) {}

  Verdict read(const Value& document) {
    Verdict verdict;
    for (const Entry& entry : document.entries()) {
      read_entry(entry, verdict);
    }
    fields_.require(
        document, "",
        {"verdict", "commit", "runs", "time", "cairn_version", "system", "from_remote", "stages"});
    return verdict;
  }

 private:
  void read_entry(const Entry& entry, Verdict& verdict) {
    if (entry.key == "verdict") {
      verdict.kind = named(entry, std::array{VerdictKind::reproduce, VerdictKind::verify});
    } else if (entry.key == "version") {
      verdict.version = fields_.text_of(entry);
    } else if (entry.key == "commit") {
      verdict.commit = fields_.text_of(entry);
    } else if (entry.key == "runs") {
      verdict.runs = static_cast<unsigned>(fields_.number_of(entry, UINT32_MAX));
    } else if (entry.key == "time") {
      verdict.time_ms = fields_.time_of(entry);
    } else if (entry.key == "cairn_version") {
      verdict.cairn = fields_.text_of(entry);
    } else if (entry.key == "system") {
      verdict.system = entry.value;
    } else if (entry.key == "from_remote") {
      verdict.from_remote = fields_.boolean_of(entry);
    } else if (entry.key == "stages") {
      each(entry, [&](const Value& item) { verdict.stages.push_back(stage_of(item)); });
    } else if (entry.key != "cairn") {
      fields_.unknown_key(entry);
    }
  }

  StageResult stage_of(const Value& item) {
    StageResult stage;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "stage") {
        stage.stage = fields_.path_of(entry);
      } else if (entry.key == "verdict") {
        stage.verdict = named(entry, std::array{StageVerdict::reproduced, StageVerdict::differs,
                                                StageVerdict::failed, StageVerdict::skipped});
      } else if (entry.key == "reason") {
        stage.reason = fields_.text_of(entry);
      } else if (entry.key == "outs") {
        each(entry, [&](const Value& out) { stage.outs.push_back(out_of(out)); });
      } else if (entry.key == "causes") {
        each(entry, [&](const Value& cause) { stage.causes.push_back(cause_of(cause)); });
      } else if (entry.key == "cause_note") {
        stage.cause_note = fields_.text_of(entry);
      } else if (entry.key == "environment") {
        each(entry, [&](const Value& line) { stage.environment.push_back(string_of(line)); });
      } else if (entry.key == "wall_us") {
        stage.wall_us = fields_.number_of(entry);
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "stages", {"stage", "verdict", "wall_us"});
    return stage;
  }

  OutResult out_of(const Value& item) {
    OutResult out;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "path") {
        out.path = fields_.path_of(entry);
      } else if (entry.key == "verdict") {
        out.verdict = named(entry, std::array{OutVerdict::identical, OutVerdict::equal, OutVerdict::differs,
                                              OutVerdict::missing, OutVerdict::not_compared});
      } else if (entry.key == "rule") {
        out.rule = fields_.text_of(entry);
      } else if (entry.key == "extent") {
        out.extent = fields_.text_of(entry);
      } else if (entry.key == "first") {
        out.first = difference_of(entry.value);
      } else if (entry.key == "recorded") {
        out.recorded = object_of(entry);
      } else if (entry.key == "found") {
        out.found = object_of(entry);
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "outs", {"path", "verdict"});
    return out;
  }

  Difference difference_of(const Value& item) {
    Difference difference;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "file") {
        difference.file = fields_.path_of(entry);
      } else if (entry.key == "offset") {
        difference.offset = fields_.size_of(entry);
      } else if (entry.key == "line") {
        difference.line = fields_.size_of(entry);
      } else if (entry.key == "column") {
        difference.column = fields_.text_of(entry);
      } else if (entry.key == "key") {
        difference.key = fields_.text_of(entry);
      } else if (entry.key == "before") {
        difference.before = fields_.text_of(entry);
      } else if (entry.key == "after") {
        difference.after = fields_.text_of(entry);
      } else if (entry.key == "text") {
        difference.text = fields_.text_of(entry);
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "first", {"text"});
    return difference;
  }

  Cause cause_of(const Value& item) {
    Cause cause;
    for (const Entry& entry : item.entries()) {
      if (entry.key == "factor") {
        cause.factor = fields_.text_of(entry);
      } else if (entry.key == "text") {
        cause.text = fields_.text_of(entry);
      } else if (entry.key == "evidence") {
        cause.evidence = fields_.text_of(entry);
      } else if (entry.key == "outs") {
        each(entry,
             [&](const Value& out) { cause.outs.push_back(parse_plain_path(string_of(out)).value_or("")); });
      } else {
        fields_.unknown_key(entry);
      }
    }
    fields_.require(item, "causes", {"factor", "text", "evidence", "outs"});
    return cause;
  }

  store::Object object_of(const Entry& entry) {
    store::Object object;
    for (const Entry& field : entry.value.entries()) {
      if (field.key == "kind") {
        object.family = fields_.text_of(field) == "tree" ? store::Family::tree : store::Family::blob;
      } else if (field.key == "hash") {
        object.id = fields_.id_of(field);
      } else if (field.key == "size") {
        object.size = fields_.size_of(field);
      } else {
        fields_.unknown_key(field);
      }
    }
    fields_.require(entry.value, entry.key, {"kind", "hash", "size"});
    return object;
  }

  template <class Each>
  void each(const Entry& entry, Each take) {
    if (fields_.is(entry, Kind::list, "a list")) {
      for (const Value& item : entry.value.items()) {
        take(item);
      }
    }
  }

  /// The one of `choices` that has this name.
  template <class Choice, std::size_t kCount>
  Choice named(const Entry& entry, const std::array<Choice, kCount>& choices) {
    const std::string name = fields_.text_of(entry);
    for (Choice choice : choices) {
      if (verdict_name(choice) == name) {
        return choice;
      }
    }
    fields_.problem(entry.value.begin(), quoted(name) + " is no " + quoted(entry.key));
    return choices.front();
  }

  std::string string_of(const Value& value) {
    if (!value.is(Kind::string)) {
      fields_.problem(value.begin(), "expected a string, not " + std::string(value.type_name()));
      return "";
    }
    return value.string_value();
  }

  FieldReader fields_;
};

}  // namespace

Result<Verdict> parse_verdict(std::string_view text) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, kName));
  CAIRN_TRY(check_record_version(document, kName));
  text::Diagnostics problems(kName, text);
  Verdict verdict = VerdictReader(problems).read(document);
  CAIRN_TRY(problems.status());
  if (write_verdict(verdict) != text) {
    return Error(Code::malformed, "the verdict is not in the form in which cairn writes it");
  }
  return verdict;
}

}  // namespace cairn::version
