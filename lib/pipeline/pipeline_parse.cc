// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/ci_policy_reader.h"
#include "pipeline/environment_reader.h"
#include "pipeline/key_table.h"
#include "pipeline/listing_reader.h"
#include "pipeline/run_keys_reader.h"
#include "pipeline/stage.h"
#include "pipeline/stage_expand.h"
#include "text/diagnostics.h"
#include "text/yaml.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Position;
using text::Value;

/// The first text with a template. None in comments.
std::optional<Position> first_template(const Value& value) {
  if (value.is(Kind::string) && has_template(value.string_value())) {
    return value.begin();
  }
  for (const Value& item : value.items()) {
    if (const std::optional<Position> inside = first_template(item)) {
      return inside;
    }
  }
  for (const Entry& entry : value.entries()) {
    if (has_template(entry.key)) {
      return entry.key_begin;
    }
    if (const std::optional<Position> inside = first_template(entry.value)) {
      return inside;
    }
  }
  return std::nullopt;
}

/// Reads one cairn.yaml.
class FileReader {
 public:
  FileReader(std::string_view text, std::string_view path, Surroundings& surroundings, ValueReader& reader)
      : folder_(os::parent_of(path)),
        reader_(reader),
        loader_(path, surroundings, reader),
        resolver_(text, surroundings, reader) {
    file_.path = path;
  }

  PipelineFile read(const Value& document) {
    load_variables(document);
    if (const Value* environment = document.find("environment"); environment != nullptr) {
      defaults_.environment = read_environment(resolved(*environment), folder_, reader_);
    }
    if (const Value* pin_env = document.find("pin_env"); pin_env != nullptr) {
      defaults_.pin_env = read_pin_env(*pin_env, reader_);
    }
    environment_names_ = resolver_.take_environment();
    read_keys<FileReader>(document.entries(), kKeys, "in a pipeline file", *this, reader_);
    file_.read.assign(loader_.files().begin(), loader_.files().end());
    return std::move(file_);
  }

 private:
  void load_variables(const Value& document) {
    // A file without templates depends on no other.
    const Value* vars = document.find("vars");
    const std::optional<Position> user = vars != nullptr ? vars->begin() : first_template(document);
    if (user) {
      loader_.load_default(folder_, *user, variables_, loaded_);
    }
    if (vars != nullptr) {
      loader_.load(*vars, folder_, variables_, loaded_);
    }
  }

  Value resolved(const Value& value) {
    return has_templates(value) ? resolver_.resolve(value, variables_, Gives::scalars) : value;
  }

  static void read_stages(const Value& value, FileReader& self, ValueReader& reader) {
    const StageScope scope{self.file_.path, self.variables_, self.loaded_, self.defaults_,
                           self.environment_names_};
    StageExpander expander(scope, self.loader_, self.resolver_, reader);
    self.file_.stages.reserve(value.entries().size());
    for (const Entry& entry : reader.map("stages", value)) {
      expander.expand(entry, self.file_.stages);
    }
    reader.enter_stage("");
  }
  static void read_params(const Value& value, FileReader& self, ValueReader& reader) {
    self.file_.params = read_listed_files("params", self.resolved(value), self.folder_, reader);
  }
  static void read_metrics(const Value& value, FileReader& self, ValueReader& reader) {
    self.file_.metrics = read_listed_files("metrics", self.resolved(value), self.folder_, reader);
  }
  static void read_plots(const Value& value, FileReader& self, ValueReader& reader) {
    self.file_.plots = pipeline::read_plots(self.resolved(value), reader);
  }
  static void read_artifacts(const Value& value, FileReader& self, ValueReader& reader) {
    self.file_.artifacts = pipeline::read_artifacts(self.resolved(value), self.folder_, reader);
  }
  static void check_drift(const Value& value, FileReader& self, ValueReader& reader) {
    read_drift(value, self.folder_, reader);  // parse_drift_gates is for those who want them
  }
  static void check_ci(const Value& value, FileReader& self, ValueReader& reader) {
    read_ci_policy(value, self.folder_, reader);  // parse_ci_policy likewise
  }
  static void refuse_datasets(const Value& value, FileReader&, ValueReader& reader) {
    reader.problem(value.begin(),
                   "'datasets' is not cairn's way: bring data from elsewhere in with cairn import");
  }
  static void was_read_before(const Value&, FileReader&, ValueReader&) {}

  static constexpr std::array<KeyReader<FileReader>, 11> kKeys{{{"stages", read_stages},
                                                                {"vars", was_read_before},
                                                                {"params", read_params},
                                                                {"metrics", read_metrics},
                                                                {"plots", read_plots},
                                                                {"artifacts", read_artifacts},
                                                                {"environment", was_read_before},
                                                                {"pin_env", was_read_before},
                                                                {"drift", check_drift},
                                                                {"ci", check_ci},
                                                                {"datasets", refuse_datasets, true}}};

  std::string folder_;
  ValueReader& reader_;
  VarsLoader loader_;
  TemplateResolver resolver_;
  Variables variables_;
  LoadedVars loaded_;
  StageDefaults defaults_;
  std::set<std::string> environment_names_;
  PipelineFile file_;
};

}  // namespace

Result<PipelineFile> parse_pipeline(std::string_view text, std::string_view path,
                                    Surroundings& surroundings) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  text::Diagnostics problems(path, text);
  ValueReader reader(problems);
  if (!document.is(Kind::map)) {
    reader.problem(document.begin(),
                   fmt::format("a pipeline file must be a map, not {}", document.type_name()));
  }
  PipelineFile file = FileReader(text, path, surroundings, reader).read(document);
  CAIRN_TRY(problems.status());
  return file;
}

Result<std::vector<DriftGate>> parse_drift_gates(std::string_view text, std::string_view path) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  text::Diagnostics problems(path, text);
  ValueReader reader(problems);
  std::vector<DriftGate> gates;
  if (const Value* drift = document.find("drift"); drift != nullptr) {
    gates = read_drift(*drift, os::parent_of(path), reader);
  }
  CAIRN_TRY(problems.status());
  return gates;
}

Result<CiPolicy> parse_ci_policy(std::string_view text, std::string_view path) {
  CAIRN_TRY_ASSIGN(const Value document, text::parse_yaml(text, path));
  text::Diagnostics problems(path, text);
  ValueReader reader(problems);
  CiPolicy policy;
  if (const Value* ci = document.find("ci"); ci != nullptr) {
    policy = read_ci_policy(*ci, os::parent_of(path), reader);
  }
  CAIRN_TRY(problems.status());
  return policy;
}

}  // namespace cairn::pipeline
