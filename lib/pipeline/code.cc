// SPDX-License-Identifier: Apache-2.0
#include "pipeline/code.h"

#include <algorithm>
#include <set>

#include "git/glob.h"
#include "os/path.h"
#include "pipeline/stage_path.h"

namespace cairn::pipeline {
namespace {

/// Splits a shell script in words, keeping those that stand for themselves.
class WordScanner {
 public:
  explicit WordScanner(std::string_view script) : script_(script) {}

  std::vector<std::string> scan() {
    while (at_ < script_.size()) {
      step(script_[at_]);
    }
    end_word();
    return std::move(words_);
  }

 private:
  void step(char c) {
    if (c == '\'') {
      single_quoted();
    } else if (c == '"') {
      double_quoted();
    } else if (c == '\\') {
      backslash();
    } else if (c == '#' && !in_word_) {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (is_any_of(c, " \t\r\n;&|()<>`")) {
      separator(c);
    } else {
      // What the shell would expand is not the name of a file.
      expands_ = expands_ || is_any_of(c, "$*?[{");
      take(c);
    }
  }

  static bool is_any_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

  void take(char c) {
    word_ += c;
    in_word_ = true;
    ++at_;
  }

  void separator(char c) {
    end_word();
    if (c == '>') {
      written_ = true;
    } else if (c == '\n' || c == ';' || c == '|') {
      written_ = false;
    }
    ++at_;
  }

  void backslash() {
    if (at_ + 1 < script_.size() && script_[at_ + 1] == '\n') {
      at_ += 2;  // the line goes on
      return;
    }
    ++at_;
    if (at_ < script_.size()) {
      take(script_[at_]);
    }
  }

  void single_quoted() {
    const std::size_t end = std::min(script_.find('\'', at_ + 1), script_.size());
    word_ += script_.substr(at_ + 1, end - at_ - 1);
    in_word_ = true;
    at_ = std::min(end + 1, script_.size());
  }

  void double_quoted() {
    in_word_ = true;
    ++at_;
    while (at_ < script_.size() && script_[at_] != '"') {
      const bool escape =
          script_[at_] == '\\' && at_ + 1 < script_.size() && is_any_of(script_[at_ + 1], "$`\"\\");
      if (escape) {
        ++at_;
      } else {
        expands_ = expands_ || is_any_of(script_[at_], "$`");
      }
      take(script_[at_]);
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  void end_word() {
    if (in_word_) {
      if (!expands_ && !written_) {
        words_.push_back(word_);
        if (const std::size_t equals = word_.find('=');
            equals != std::string::npos && equals + 1 < word_.size()) {
          words_.push_back(word_.substr(equals + 1));
        }
      }
      written_ = false;
    }
    word_.clear();
    in_word_ = false;
    expands_ = false;
  }

  std::string_view script_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  bool expands_ = false;
  bool written_ = false;  ///< the next word is where output goes
  std::vector<std::string> words_;
};

/// The parts of a glob before the first that has a wildcard: only what is inside can match.
std::string fixed_folder(std::string_view glob) {
  std::string folder;
  for (std::string_view part : os::parts_of(glob)) {
    if (part.find_first_of("*?[\\") != std::string_view::npos) {
      break;
    }
    folder = os::join(folder, part);
  }
  return folder == glob ? std::string(os::parent_of(glob)) : folder;
}

void add_matches(const std::string& glob, const TrackedFiles& tracked, std::set<std::string>& files) {
  const std::optional<git::PathGlob> itself = git::PathGlob::compile(glob);
  const std::optional<git::PathGlob> inside = git::PathGlob::compile(glob + "/**");
  if (!itself || !inside) {
    return;
  }
  tracked.each_inside(fixed_folder(glob), [&itself, &inside, &files](std::string_view path) {
    if (itself->matches(path) || inside->matches(path)) {
      files.emplace(path);
    }
  });
}

/// A Python file whose parameters a stage reads is its code too if the command runs it.
bool is_declared(const Stage& stage, std::string_view path) {
  const auto holds = [path](const auto& item) { return os::is_within(path, item.path); };
  return std::any_of(stage.deps.begin(), stage.deps.end(), holds) ||
         std::any_of(stage.outs.begin(), stage.outs.end(), holds) ||
         std::any_of(stage.params.begin(), stage.params.end(), [path](const ParamFile& params) {
           return params.file == path && !path.ends_with(".py");
         });
}

}  // namespace

std::vector<std::string> command_words(std::string_view script) {
  return WordScanner(script).scan();
}

std::vector<std::string> code_files(const Stage& stage, const TrackedFiles& tracked) {
  std::set<std::string> files;
  if (stage.code.words) {
    for (const std::string& word : command_words(stage.cmd)) {
      const Result<std::string> path = resolve_path(word, stage.wdir);
      if (path.ok() && !path->empty() && tracked.contains(*path)) {
        files.insert(*path);
      }
    }
  }
  for (const std::string& glob : stage.code.globs) {
    add_matches(glob, tracked, files);
  }
  std::vector<std::string> code;
  std::copy_if(files.begin(), files.end(), std::back_inserter(code),
               [&stage](const std::string& path) { return !is_declared(stage, path); });
  return code;
}

}  // namespace cairn::pipeline
