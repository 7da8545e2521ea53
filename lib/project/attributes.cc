// SPDX-License-Identifier: Apache-2.0
#include "project/attributes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "os/file.h"

namespace cairn::project {
namespace {

/// Parsers accept both line ends, but hashes of these files should be the same on every system. A .gitignore
/// is merged by taking the lines of both sides, Git's own driver for it: else two branches that add data in
/// one folder would conflict each time.
struct Attribute {
  std::string_view line;
  std::string_view earlier;  ///< as cairn wrote it before there were drivers

  [[nodiscard]] std::string_view pattern() const { return line.substr(0, line.find(' ') + 1); }
};
constexpr std::array<Attribute, 3> kAttributes = {{
    {"*.cairn text eol=lf merge=cairn diff=cairn", "*.cairn text eol=lf"},
    {"cairn.lock text eol=lf merge=cairn diff=cairn", "cairn.lock text eol=lf"},
    {".gitignore merge=union", ""},
}};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Whether the line names a driver, cairn's or another, for each purpose that the attribute names one for.
bool names_drivers(std::string_view line, const Attribute& attribute) {
  constexpr std::array<std::string_view, 2> kPurposes = {" merge=", " diff="};
  return std::all_of(kPurposes.begin(), kPurposes.end(), [&](std::string_view purpose) {
    return attribute.line.find(purpose) == std::string_view::npos ||
           line.find(purpose) != std::string_view::npos;
  });
}

void complete(const Attribute& attribute, std::vector<std::string>& lines, AttributesReport& report) {
  bool found = false;
  for (std::string& line : lines) {
    if (!line.starts_with(attribute.pattern())) {
      continue;
    }
    found = true;
    const std::string_view without_cr = std::string_view(line).substr(0, line.find('\r'));
    if (without_cr == attribute.earlier) {
      line.replace(0, without_cr.size(), attribute.line);
      report.changed = true;
    } else if (!names_drivers(line, attribute)) {
      report.left.push_back({std::string(without_cr), attribute.line});
    }
  }
  if (!found) {
    lines.emplace_back(attribute.line);
    report.changed = true;
  }
}

struct Completed {
  std::vector<std::string> lines;
  AttributesReport report;
};

std::string path_in(const std::string& root) {
  return root + "/.gitattributes";
}

Result<Completed> completed(const std::string& root) {
  CAIRN_TRY_ASSIGN(const std::optional<Buffer> bytes, os::find_file(path_in(root)));
  Completed completed;
  if (bytes) {
    completed.lines = lines_of(as_text(*bytes));
  }
  for (const Attribute& attribute : kAttributes) {
    complete(attribute, completed.lines, completed.report);
  }
  return completed;
}

}  // namespace

Result<AttributesReport> complete_attributes(const std::string& root) {
  CAIRN_TRY_ASSIGN(Completed whole, completed(root));
  if (whole.report.changed) {
    std::string text;
    for (const std::string& line : whole.lines) {
      text.append(line).append("\n");
    }
    CAIRN_TRY(os::write_atomic(path_in(root), as_bytes(text)));
  }
  return std::move(whole.report);
}

Result<AttributesReport> check_attributes(const std::string& root) {
  CAIRN_TRY_ASSIGN(Completed whole, completed(root));
  return std::move(whole.report);
}

}  // namespace cairn::project
