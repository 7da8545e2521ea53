// SPDX-License-Identifier: Apache-2.0
#include "pipeline/random_sources.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "pipeline/script_words.h"

namespace cairn::pipeline {
namespace {

using Words = std::span<const ScriptWord>;

/// Python modules of which what is in them draws by chance.
constexpr std::array<std::string_view, 6> kModules{"random",     "numpy.random", "torch",
                                                   "tensorflow", "jax",          "secrets"};
constexpr std::array<std::string_view, 9> kCallsOfR{"sample", "sample.int", "rnorm",  "runif", "rbinom",
                                                    "rpois",  "rexp",       "rgamma", "rbeta"};
constexpr std::array<std::string_view, 6> kCallsOfJulia{"rand",    "randn",    "randstring",
                                                        "shuffle", "shuffle!", "randperm"};
/// Last parts of the names of functions that are given a seed.
constexpr std::array<std::string_view, 11> kSeeders{
    "seed",   "seed!",       "set_seed", "manual_seed",     "manual_seed_all", "default_rng",
    "Random", "RandomState", "PRNGKey",  "MersenneTwister", "Xoshiro"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

/// The text of a word, "" beyond the end.
std::string_view at(Words words, std::size_t index) {
  return index < words.size() ? words[index].text : std::string_view();
}

std::string_view last_part(std::string_view dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

/// "torch.nn" is inside "torch".
bool is_inside(std::string_view dotted, std::string_view name) {
  return dotted.starts_with(name) && (dotted.size() == name.size() || dotted[name.size()] == '.');
}

bool is_literal(std::string_view word) {
  return !word.empty() && ((word[0] >= '0' && word[0] <= '9') || word[0] == '"' || word[0] == '\'');
}

/// "seed(1", "seed(-1" and "seed(name=1" with the function's name at `i`.
bool gives_literal_seed(Words words, std::size_t i) {
  if (!is_one_of(last_part(words[i].text), kSeeders) || at(words, i + 1) != "(") {
    return false;
  }
  std::size_t argument = i + 2;
  argument += at(words, argument + 1) == "=" ? 2U : 0U;
  argument += at(words, argument) == "-" ? 1U : 0U;
  return is_literal(at(words, argument));
}

bool fixes_seed(Words words, ScriptLanguage language) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool fixed =
        language == ScriptLanguage::shell
            ? words[i].text == "--random-source" ||
                  (words[i].text == "RANDOM" && at(words, i + 1) == "=" && is_literal(at(words, i + 2)))
            : gives_literal_seed(words, i);
    if (fixed) {
      return true;
    }
  }
  return false;
}

bool starts_statement(Words words, std::size_t i) {
  return i == 0 || words[i - 1].line != words[i].line || words[i - 1].text == ";" || words[i - 1].text == ":";
}

bool is_random_module(std::string_view word) {
  return std::any_of(kModules.begin(), kModules.end(),
                     [word](std::string_view module) { return is_inside(word, module); });
}

/// "import a as b, random" at `i`: what it says of the first such module.
std::string use_in_import(Words words, std::size_t i) {
  for (std::size_t j = i + 1; j < words.size() && words[j].line == words[i].line; ++j) {
    const bool is_module = words[j - 1].text == "import" || words[j - 1].text == ",";
    if (is_module && is_random_module(words[j].text)) {
      return "import " + std::string(words[j].text);
    }
  }
  return {};
}

/// "from random import x" and "from numpy import random" at `i`.
std::string use_in_from(Words words, std::size_t i) {
  const std::string_view module = at(words, i + 1);
  if (at(words, i + 2) != "import") {
    return {};
  }
  if (is_random_module(module)) {
    return "from " + std::string(module) + " import";
  }
  for (std::size_t j = i + 3; j < words.size() && words[j].line == words[i].line; ++j) {
    if (module == "numpy" && words[j].text == "random") {
      return "from numpy import random";
    }
  }
  return {};
}

std::string use_in_python(Words words, std::size_t i) {
  const std::string_view word = words[i].text;
  if (word == "import" && starts_statement(words, i)) {
    return use_in_import(words, i);
  }
  if (word == "from" && starts_statement(words, i)) {
    return use_in_from(words, i);
  }
  for (const std::string_view name : {"np.random", "numpy.random"}) {
    if (is_inside(word, name)) {
      return std::string(name);
    }
  }
  return {};
}

std::string call_use(Words words, std::size_t i) {
  return at(words, i + 1) == "(" ? std::string(words[i].text) + "(" : std::string();
}

/// "sort -uR" at `i`, up to the end of that command.
bool sorts_by_chance(Words words, std::size_t i) {
  for (std::size_t j = i + 1; j < words.size() && words[j].line == words[i].line; ++j) {
    const std::string_view word = words[j].text;
    if (word == "|" || word == ";" || word == "&" || word == ")") {
      return false;
    }
    const bool letters = word.starts_with('-') && !word.starts_with("--");
    if (word == "--random-sort" || (letters && word.find('R') != std::string_view::npos)) {
      return true;
    }
  }
  return false;
}

std::string use_in_shell(Words words, std::size_t i) {
  const std::string_view word = words[i].text;
  if (word == "RANDOM" && i > 0 && (words[i - 1].text == "$" || words[i - 1].text == "{")) {
    return "$RANDOM";
  }
  if (word == "shuf") {
    return "shuf";
  }
  return word == "sort" && sorts_by_chance(words, i) ? "sort -R" : "";
}

std::string use_at(Words words, std::size_t i, ScriptLanguage language) {
  switch (language) {
    case ScriptLanguage::python:
      return use_in_python(words, i);
    case ScriptLanguage::r:
      return is_one_of(words[i].text, kCallsOfR) ? call_use(words, i) : "";
    case ScriptLanguage::julia:
      return is_one_of(last_part(words[i].text), kCallsOfJulia) ? call_use(words, i) : "";
    case ScriptLanguage::shell:
      return use_in_shell(words, i);
  }
  return {};
}

}  // namespace

std::optional<ScriptLanguage> script_language(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, ScriptLanguage>, 6> kEndings{
      {{".py", ScriptLanguage::python},
       {".R", ScriptLanguage::r},
       {".r", ScriptLanguage::r},
       {".jl", ScriptLanguage::julia},
       {".sh", ScriptLanguage::shell},
       {".bash", ScriptLanguage::shell}}};
  for (const auto& [ending, language] : kEndings) {
    if (path.ends_with(ending)) {
      return language;
    }
  }
  return std::nullopt;
}

std::optional<RandomUse> find_random_use(std::string_view text, ScriptLanguage language) {
  const std::vector<ScriptWord> words = script_words(text, language);
  if (fixes_seed(words, language)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::string use = use_at(words, i, language); !use.empty()) {
      return RandomUse{words[i].line, std::move(use)};
    }
  }
  return std::nullopt;
}

}  // namespace cairn::pipeline
