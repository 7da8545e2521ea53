// SPDX-License-Identifier: Apache-2.0
#include "unit/pipeline/language_case.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <system_error>

#include "support/source_tree.h"

namespace cairn::pipeline {
namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      continue;
    }
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'x':
        out += static_cast<char>(std::strtoul(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
        i += 2;
        break;
      case '{': {
        const std::size_t star = text.find('*', i);
        const std::size_t end = text.find('}', star);
        const std::string what = unescaped(text.substr(star + 1, end - star - 1));
        for (unsigned long n = std::strtoul(std::string(text.substr(i + 1)).c_str(), nullptr, 10); n > 0;
             --n) {
          out += what;
        }
        i = end;
        break;
      }
      default:
        out += c;
    }
  }
  return out;
}

void end_section(std::string name, std::string text, LanguageCase& out) {
  constexpr std::string_view kEscaped = " escaped";
  if (name.ends_with(kEscaped)) {
    name.resize(name.size() - kEscaped.size());
    text = unescaped(text);
  }
  if (name == "expect" || name == "error") {
    out.problem += out.expected.empty() ? "" : "two expectations; ";
    out.fails = name == "error";
    out.expected = std::move(text);
  } else if (name.starts_with("file ")) {
    out.files[name.substr(5)] = std::move(text);
  } else if (name.starts_with("variable ") && name.find('=') != std::string::npos) {
    out.variables[name.substr(9, name.find('=') - 9)] = name.substr(name.find('=') + 1);
  } else if (name.ends_with("cairn.yaml")) {
    out.pipelines.emplace_back(std::move(name), std::move(text));
  } else {
    out.problem += "unknown section '" + name + "'; ";
  }
}

void load_table(const std::filesystem::path& path, std::vector<LanguageCase>& cases) {
  std::ifstream in(path, std::ios::binary);
  std::string section;
  std::string text;
  const auto end = [&] {
    if (!section.empty()) {
      end_section(std::move(section), std::move(text), cases.back());
    }
    section.clear();
    text.clear();
  };
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      end();
      cases.emplace_back().title = line.substr(4);
      cases.back().table = path.filename().string();
    } else if (line.starts_with("--- ") && line != "--- ") {
      end();
      section = line.substr(4);
    } else {
      text += line + "\n";
    }
  }
  end();
}

}  // namespace

void PrintTo(const LanguageCase& test_case, std::ostream* out) {
  *out << test_case.title;
}

std::vector<LanguageCase> load_language_cases() {
  std::vector<std::filesystem::path> tables;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(test::source_path("test/unit/pipeline/language"), error),
       last;
       !error && entry != last; entry.increment(error)) {
    if (entry->path().extension() == ".txt") {
      tables.push_back(entry->path());
    }
  }
  std::sort(tables.begin(), tables.end());
  std::vector<LanguageCase> cases;
  for (const std::filesystem::path& table : tables) {
    load_table(table, cases);
  }
  return cases;
}

}  // namespace cairn::pipeline
