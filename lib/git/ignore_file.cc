// SPDX-License-Identifier: Apache-2.0
#include "git/ignore_file.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

constexpr std::string_view kBegin = "# >>> cairn";
constexpr std::string_view kEnd = "# <<< cairn";

/// A line with its end ("\n", "\r\n", or none on the last one).
using Line = std::string;

std::string_view body_of(const Line& line) {
  std::string_view body = line;
  if (body.ends_with('\n')) {
    body.remove_suffix(body.ends_with("\r\n") ? 2 : 1);
  }
  return body;
}

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// A block as line numbers: its first marker, and its last one.
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Result<std::vector<Block>> find_blocks(const std::vector<Line>& lines) {
  std::vector<Block> blocks;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view body = body_of(lines[i]);
    if (!inside && body == kBegin) {
      blocks.push_back({i, i});
      inside = true;
    } else if (inside && body == kEnd) {
      blocks.back().end = i;
      inside = false;
    }
  }
  if (inside) {
    return Error(Code::malformed, "a '# >>> cairn' line has no '# <<< cairn' line after it",
                 "add the line '# <<< cairn' below the names that cairn wrote there");
  }
  return blocks;
}

Result<std::vector<std::string>> ignore_lines(const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    CAIRN_TRY_ASSIGN(std::string line, ignore_line(name));
    lines.push_back(std::move(line));
  }
  return lines;
}

class Editor {
 public:
  explicit Editor(std::vector<Line> lines) : lines_(std::move(lines)) {
    if (!lines_.empty() && lines_.front().ends_with("\r\n")) {
      eol_ = "\r\n";
    }
  }

  Status edit(const std::vector<std::string>& add, const std::vector<std::string>& remove) {
    CAIRN_TRY(take_out(remove));
    CAIRN_TRY(put_in(add));
    return drop_empty_blocks();
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const Line& line : lines_) {
      text += line;
    }
    return text;
  }

 private:
  [[nodiscard]] auto at(std::size_t i) { return lines_.begin() + static_cast<std::ptrdiff_t>(i); }

  Status take_out(const std::vector<std::string>& unwanted) {
    const std::set<std::string, std::less<>> names(unwanted.begin(), unwanted.end());
    CAIRN_TRY_ASSIGN(auto blocks, find_blocks(lines_));
    for (auto block = blocks.rbegin(); !names.empty() && block != blocks.rend(); ++block) {
      auto is_unwanted = [&](const Line& line) { return names.contains(body_of(line)); };
      lines_.erase(std::remove_if(at(block->begin), at(block->end), is_unwanted), at(block->end));
    }
    return {};
  }

  /// Each goes in front of the first line of the block that is not before it. One pass for all names.
  Status put_in(const std::vector<std::string>& wanted) {
    CAIRN_TRY_ASSIGN(auto blocks, find_blocks(lines_));
    std::set<std::string, std::less<>> missing(wanted.begin(), wanted.end());
    for (const Block& block : blocks) {
      for (std::size_t i = block.begin + 1; i < block.end; ++i) {
        if (auto present = missing.find(body_of(lines_[i])); present != missing.end()) {
          missing.erase(present);
        }
      }
    }
    if (missing.empty()) {
      return {};
    }
    if (blocks.empty()) {
      blocks.push_back(append_block());
    }
    const Block& block = blocks.front();
    std::vector<Line> merged(at(0), at(block.begin + 1));
    auto next = missing.begin();
    for (std::size_t i = block.begin + 1; i <= block.end; ++i) {
      for (; next != missing.end() && (i == block.end || body_of(lines_[i]) >= *next); ++next) {
        merged.push_back(*next + eol_);
      }
      merged.push_back(std::move(lines_[i]));
    }
    merged.insert(merged.end(), std::make_move_iterator(at(block.end + 1)),
                  std::make_move_iterator(lines_.end()));
    lines_ = std::move(merged);
    return {};
  }

  Block append_block() {
    if (!lines_.empty() && !lines_.back().ends_with('\n')) {
      lines_.back() += eol_;
    }
    lines_.push_back(std::string(kBegin) + eol_);
    lines_.push_back(std::string(kEnd) + eol_);
    return {lines_.size() - 2, lines_.size() - 1};
  }

  Status drop_empty_blocks() {
    CAIRN_TRY_ASSIGN(auto blocks, find_blocks(lines_));
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
      if (block->end == block->begin + 1) {
        lines_.erase(at(block->begin), at(block->end + 1));
      }
    }
    return {};
  }

  std::vector<Line> lines_;
  std::string eol_ = "\n";
};

}  // namespace

Result<std::string> ignore_line(std::string_view name) {
  if (name.find('\n') != std::string_view::npos || name.find('\0') != std::string_view::npos) {
    return Error(Code::unsupported,
                 "a .gitignore cannot hold the name " + quoted(name) + ", which has a line break in it",
                 "rename it");
  }
  constexpr std::string_view kSpecial = "*?[\\";
  std::size_t text_end = name.find_last_not_of(' ');
  std::string line = "/";
  for (std::size_t i = 0; i < name.size(); ++i) {
    bool trailing_space = text_end == std::string_view::npos || i > text_end;
    if (name[i] == '\r' && i + 1 == name.size()) {
      // Git takes a carriage return at the end of a line for a part of the line's end.
      line += "[\r]";
      continue;
    }
    if (trailing_space || kSpecial.find(name[i]) != std::string_view::npos) {
      line += '\\';
    }
    line += name[i];
  }
  return line;
}

Result<std::string> edit_ignore_text(std::string_view text, const std::vector<std::string>& add,
                                     const std::vector<std::string>& remove) {
  CAIRN_TRY_ASSIGN(auto lines_to_add, ignore_lines(add));
  CAIRN_TRY_ASSIGN(auto lines_to_remove, ignore_lines(remove));
  Editor editor(split_lines(text));
  CAIRN_TRY(editor.edit(lines_to_add, lines_to_remove));
  return editor.text();
}

std::string without_own_lines(std::string_view text) {
  std::vector<Line> lines = split_lines(text);
  const Result<std::vector<Block>> blocks = find_blocks(lines);
  for (const Block& block : blocks.ok() ? *blocks : std::vector<Block>()) {
    for (std::size_t i = block.begin; i <= block.end; ++i) {
      if (i == block.begin || i == block.end || lines[i].starts_with('/')) {
        lines[i].clear();
      }
    }
  }
  std::string out;
  for (const Line& line : lines) {
    out += line;
  }
  return out;
}

Result<bool> set_ignored(const std::string& folder, const std::vector<std::string>& add,
                         const std::vector<std::string>& remove) {
  std::string path = os::join(folder, ".gitignore");
  CAIRN_TRY_ASSIGN(auto stat, os::find_stat(path));
  if (stat && stat->kind != os::Kind::file) {
    return Error(Code::conflict,
                 "cannot edit " + quoted(path) + ": it is not a plain file, so Git does not read it",
                 "replace it by a file of its own");
  }
  CAIRN_TRY_ASSIGN(auto bytes, os::find_file(path));
  std::string_view old_text = bytes ? as_text(*bytes) : std::string_view();
  auto new_text = edit_ignore_text(old_text, add, remove);
  if (!new_text.ok()) {
    return new_text.error().with_context(quoted(path));
  }
  if (*new_text == old_text) {
    return false;
  }
  if (new_text->empty()) {
    CAIRN_TRY(os::remove_file(path));
    return true;
  }
  CAIRN_TRY(os::write_atomic(path, as_bytes(*new_text)));
  return true;
}

}  // namespace cairn::git
