// SPDX-License-Identifier: Apache-2.0
#include "parser.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::cmd {

Option Option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

Option Option::group(const std::string& name) const {
  option_->group(name);
  return *this;
}

Option Option::required() const {
  option_->required();
  return *this;
}

Option Option::excludes(const Option& other) const {
  option_->excludes(other.option_);
  return *this;
}

Option Option::needs(const Option& other) const {
  option_->needs(other.option_);
  return *this;
}

Option Option::expected(int least, int most) const {
  option_->expected(least, most);
  return *this;
}

Option Option::one_value_each() const {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::delimiter(char between) const {
  option_->delimiter(between);
  return *this;
}

Option Option::in_range(unsigned least, unsigned most) const {
  option_->check(CLI::Range(least, most).description(""));
  return *this;
}

Option Option::transform(const std::function<std::string(std::string&)>& change) const {
  option_->transform(CLI::Validator(change, ""));
  return *this;
}

template <typename T>
Option Parser::add_option(const std::string& names, T& into, const std::string& about) {
  return Option(*app_.add_option(names, into, about));
}

Option Parser::add_flag(const std::string& names, bool& into, const std::string& about) {
  return Option(*app_.add_flag(names, into, about));
}

template Option Parser::add_option(const std::string&, std::string&, const std::string&);
template Option Parser::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Parser::add_option(const std::string&, std::optional<std::string>&, const std::string&);
template Option Parser::add_option(const std::string&, int&, const std::string&);
template Option Parser::add_option(const std::string&, unsigned&, const std::string&);
template Option Parser::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option Parser::add_option(const std::string&, std::optional<std::uint64_t>&, const std::string&);

}  // namespace cairn::cmd
