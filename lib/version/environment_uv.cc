// SPDX-License-Identifier: Apache-2.0
#include "os/path.h"
#include "text/toml.h"
#include "version/environment_kinds.h"
#include "version/packages.h"
#include "version/project_file.h"

namespace cairn::version {
namespace {

using text::Value;

/// The first word of .python-version.
std::string pinned_python(std::string_view content) {
  std::size_t begin = std::min(content.find_first_not_of(" \t\r\n"), content.size());
  content.remove_prefix(begin);
  return std::string(content.substr(0, content.find_first_of(" \t\r\n#")));
}

}  // namespace

/// The virtual environment beside the lock does not count: `uv run` makes it what the lock says before it
/// runs anything, so a stage would see another one than was captured.
Result<Value> capture_uv(const std::string& folder, const CaptureContext& context) {
  std::string path = os::join(folder, "uv.lock");
  CAIRN_TRY_ASSIGN(auto content, find_project_file(path, context));
  Value out = Value::map();
  Value lock = describe_file(path, content);
  if (content) {
    CAIRN_TRY_ASSIGN(Value document, text::parse_toml(*content, path));
    if (const Value* python = document.find("requires-python"); python != nullptr && python->is_scalar()) {
      out.set("requires-python", Value::string(python->raw()));
    }
    lock.set("pins", locked_packages(document).to_value());
  }
  CAIRN_TRY_ASSIGN(auto python, find_project_file(os::join(folder, ".python-version"), context));
  if (python) {
    out.set("python", Value::string(pinned_python(*python)));
  }
  out.set("file", std::move(lock));
  return out;
}

}  // namespace cairn::version
