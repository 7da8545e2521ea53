// SPDX-License-Identifier: Apache-2.0
#include "text/params.h"

#include "text/json.h"
#include "text/python.h"
#include "text/toml.h"
#include "text/yaml.h"

namespace cairn::text {

Result<Value> parse_params(std::string_view text, std::string_view path, const Limits& limits) {
  if (path.ends_with(".json")) {
    return parse_json(text, path, limits);
  }
  if (path.ends_with(".toml")) {
    return parse_toml(text, path, limits);
  }
  if (path.ends_with(".py")) {
    return parse_python(text, path, limits);
  }
  return parse_yaml(text, path, limits);
}

}  // namespace cairn::text
