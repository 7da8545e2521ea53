// SPDX-License-Identifier: Apache-2.0
#include "ops/param_edits.h"

#include "base/escape.h"
#include "os/path.h"
#include "pipeline/stage_path.h"

namespace cairn::ops {
namespace {

std::string shown(const pipeline::Override& change, const std::string& file) {
  std::string value = change.value.is(text::Kind::string) && is_utf8(change.value.string_value())
                          ? escaped(change.value.string_value())
                          : text::canonical(change.value);
  return escaped(file) + ":" + escaped(change.key) + "=" + value;
}

}  // namespace

Result<ParamEdits> edit_params(const std::vector<pipeline::Override>& values, const std::string& folder,
                               const std::function<Result<std::string>(const std::string& file)>& read) {
  ParamEdits edits;
  for (const pipeline::Override& change : values) {
    CAIRN_TRY_ASSIGN(std::string file, pipeline::resolve_path(change.file, folder));
    auto text = edits.files.find(file);
    if (text == edits.files.end()) {
      CAIRN_TRY_ASSIGN(std::string before, read(file));
      text = edits.files.emplace(file, std::move(before)).first;
    }
    auto after = pipeline::set_param(text->second, file, change);
    if (!after.ok()) {
      return Error(Code::usage, after.error().message(), after.error().hint());
    }
    text->second = std::move(*after);
    edits.set.push_back(shown(change, file));
  }
  return edits;
}

Status write_params(const project::Workspace& tree, const ParamEdits& edits) {
  for (const auto& [file, text] : edits.files) {
    CAIRN_TRY(os::write_if_changed(os::join(tree.paths().root, file), as_bytes(text),
                                   {0666, false, os::Durable::no}));
  }
  return {};
}

}  // namespace cairn::ops
