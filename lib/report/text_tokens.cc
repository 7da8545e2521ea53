// SPDX-License-Identifier: Apache-2.0
#include "report/text_tokens.h"

#include <array>

#include "report/text_place.h"

namespace cairn::report {
namespace {

enum class Role : std::uint8_t { word, space, line_break, mark };

constexpr std::array<Role, 256> make_roles() {
  std::array<Role, 256> roles{};
  for (const char c : std::string_view("\t,;:\"'()[]{}<>=|")) {
    roles[static_cast<unsigned char>(c)] = Role::mark;
  }
  roles[' '] = Role::space;
  roles['\r'] = Role::space;
  roles['\n'] = Role::line_break;
  return roles;
}
constexpr std::array<Role, 256> kRoles = make_roles();

Role role_of(std::uint8_t byte) {
  return kRoles[byte];
}

}  // namespace

Status TextTokens::skip_white_space(TextToken& token) {
  while (true) {
    CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
    std::size_t taken = 0;
    for (; taken < bytes.size(); ++taken) {
      const Role role = role_of(bytes[taken]);
      if (role == Role::line_break) {
        ++token.breaks;
        ++line_;
        column_ = 1;
      } else if (role == Role::space) {
        ++column_;
      } else {
        break;
      }
    }
    in_word_ = in_word_ && taken == 0;
    cursor_.take(taken);
    if (taken < bytes.size() || bytes.empty()) {
      return {};
    }
  }
}

Status TextTokens::read_word(TextToken& token) {
  while (token.text.size() < kLongestToken) {
    CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
    const std::size_t most = std::min(bytes.size(), kLongestToken - token.text.size());
    std::size_t taken = 0;
    while (taken < most && role_of(bytes[taken]) == Role::word) {
      column_ += is_continuation(static_cast<char>(bytes[taken])) ? 0U : 1U;
      ++taken;
    }
    token.text += as_text(bytes.first(taken));
    cursor_.take(taken);
    if (taken == 0) {  // the word or the text ends
      token.part = in_word_;
      in_word_ = false;
      return {};
    }
  }
  token.part = true;
  in_word_ = true;
  return {};
}

Result<TextToken> TextTokens::next() {
  TextToken token;
  CAIRN_TRY(skip_white_space(token));
  token.line = line_;
  token.column = column_;
  CAIRN_TRY_ASSIGN(const Bytes bytes, cursor_.peek());
  if (bytes.empty()) {
    token.breaks = 0;
    return token;
  }
  token.word = role_of(bytes[0]) == Role::word;
  if (token.word) {
    CAIRN_TRY(read_word(token));
    return token;
  }
  token.text = static_cast<char>(bytes[0]);
  cursor_.take(1);
  ++column_;
  in_word_ = false;
  return token;
}

}  // namespace cairn::report
