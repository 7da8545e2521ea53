// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/escape.h"
#include "codec/hash.h"
#include "os/file.h"
#include "os/path.h"
#include "version/environment_kinds.h"
#include "version/project_file.h"

namespace cairn::version {

Result<std::optional<std::string>> find_project_file(const std::string& path, const CaptureContext& context) {
  auto content = os::find_file(os::join(context.root, path), std::uint64_t{64} << 20);
  if (!content.ok()) {
    return content.error().with_hint("under 'environment:' name files of text; data belongs under 'deps:'");
  }
  if (!content->has_value()) {
    return std::optional<std::string>();
  }
  return std::optional(std::string(as_text(**content)));
}

text::Value describe_file(const std::string& path, const std::optional<std::string>& content) {
  text::Value out = text::Value::map();
  out.set("path", text::Value::string(path));
  if (content) {
    out.set("hash", text::Value::string(codec::hash(as_bytes(*content)).text()));
  } else {
    out.set("missing", text::Value::boolean(true));
  }
  return out;
}

Result<text::Value> capture_files(const std::vector<std::string>& files, const CaptureContext& context) {
  std::vector<std::string> sorted = files;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  text::Value out = text::Value::list();
  for (const std::string& path : sorted) {
    CAIRN_TRY_ASSIGN(auto content, find_project_file(path, context));
    out.append(describe_file(path, content));
  }
  return out;
}

}  // namespace cairn::version
