// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cairn::cmd {

/// One option, flag or positional of a Parser, which outlives it. Each function returns itself, for chains.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  /// NAME in the help, in place of the type's own name.
  Option type_name(const std::string& name) const;
  /// Heading in the help.
  Option group(const std::string& name) const;
  Option required() const;
  /// Not together with `other`.
  Option excludes(const Option& other) const;
  /// Only together with `other`.
  Option needs(const Option& other) const;
  /// How many values it takes at least and at most.
  Option expected(int least, int most) const;
  /// One value each time it is given: what follows is a positional again.
  Option one_value_each() const;
  /// Several values in one word.
  Option delimiter(char between) const;
  /// A number in [least, most].
  Option in_range(unsigned least, unsigned most) const;
  /// Called with each value, which it may replace; returns what is wrong with it, or "".
  Option transform(const std::function<std::string(std::string&)>& change) const;

 private:
  CLI::Option* option_;
};

/// What a command declares its options on. A front of CLI11, which only parser.cc and run.cc include: each
/// file that does takes twice as long to compile.
class Parser {
 public:
  explicit Parser(CLI::App& app) : app_(app) {}

  /// `names` are "-s,--long", or the bare name of a positional. T is one that parser.cc instantiates.
  template <typename T>
  Option add_option(const std::string& names, T& into, const std::string& about);
  /// "--no-data{false}" and "!--no-data" set it to false.
  Option add_flag(const std::string& names, bool& into, const std::string& about);

 private:
  CLI::App& app_;
};

}  // namespace cairn::cmd
