// SPDX-License-Identifier: Apache-2.0
#include "git/ref_name.h"

#include <algorithm>

#include "git/repository.h"

namespace cairn::git {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_plain_name(const std::string& name) {
  constexpr std::size_t kLongest = 100;
  return !name.empty() && is_letter_or_digit(name.front()) && name.size() <= kLongest &&
         std::ranges::all_of(
             name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; }) &&
         is_ref_name("refs/cairn/" + name);
}

}  // namespace cairn::git
