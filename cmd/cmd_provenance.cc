// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "ops/provenance.h"
#include "os/file.h"
#include "os/path.h"
#include "parser.h"
#include "provenance_tree.h"
#include "targets.h"
#include "value_output.h"

namespace cairn::cmd {
namespace {

struct Options {
  std::string path;
  std::string revision;
  std::string prov;  // file, or "-"
};

Result<Outcome> run_provenance(const Options& options, Invocation& invocation) {
  CAIRN_TRY_ASSIGN(auto paths, project_paths(invocation, {options.path}));
  CAIRN_TRY_ASSIGN(auto provenance,
                   ops::find_provenance(*invocation.workspace, {paths.front(), options.revision}));
  Outcome outcome;
  outcome.json = provenance_json(provenance);
  if (options.prov.empty()) {
    outcome.text = provenance_text(invocation, provenance);
    return outcome;
  }
  const Json prov = value_json(version::to_prov_json(provenance));
  const std::string document = prov.dump(2) + "\n";
  if (options.prov == "-") {
    outcome.text = document;
    outcome.json = {{"prov", prov}};
  } else {
    const bool absolute = options.prov.starts_with('/');
    const std::string file = absolute ? options.prov : os::join(invocation.folder, options.prov);
    CAIRN_TRY(os::write_atomic(file, as_bytes(document)));
    outcome.text = "wrote " + options.prov + "\n";
  }
  return outcome;
}

}  // namespace

Command provenance_command() {
  return {"provenance",
          "Versions",
          "Show what a file was made of, and by what, back to its sources",
          "cairn provenance model.txt\n  cairn provenance model.txt --prov model.prov.json",
          Needs::project,
          [](Parser& app) -> Runner {
            auto options = std::make_shared<Options>();
            app.add_option("path", options->path, "An output, tracked data, or a file inside one").required();
            app.add_option("--rev", options->revision, "As of this revision (default: the workspace)")
                .type_name("REV");
            app.add_option("--prov", options->prov, "Write PROV-JSON to this file; - prints it")
                .type_name("FILE");
            return [options](Invocation& invocation) { return run_provenance(*options, invocation); };
          }};
}

}  // namespace cairn::cmd
