// SPDX-License-Identifier: Apache-2.0
#include "report/markdown.h"

#include "base/escape.h"

namespace cairn::report {

std::string markdown_text(std::string_view text) {
  std::string out;
  for (char c : escaped(text)) {
    if (std::string_view("\\`*_[]<>#&~").find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

}  // namespace cairn::report
