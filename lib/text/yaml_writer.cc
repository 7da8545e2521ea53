// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_writer.h"

#include "text/yaml_emitter.h"

namespace cairn::text {

std::string write_yaml(const Value& value) {
  return yaml_block(value, 0, {});
}

}  // namespace cairn::text
