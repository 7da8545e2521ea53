// SPDX-License-Identifier: Apache-2.0
#include "version/programs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::version {
namespace {

constexpr std::chrono::seconds kPatience{30};

bool is_program(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// With symlinks resolved; the path itself where that fails.
std::string resolved(const std::string& path) {
  std::error_code error;
  std::filesystem::path real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

Program to_program(const std::string& path, const std::string& root) {
  std::string real_root = resolved(root);
  bool inside =
      os::is_within(path, root) || os::is_within(path, real_root) || os::is_within(resolved(path), real_root);
  return {path, inside};
}

/// All programs of that name in PATH, first ones first.
std::vector<std::string> programs_in_path(const std::string& name) {
  std::vector<std::string> out;
  const char* variable = std::getenv("PATH");
  std::string_view path = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!name.empty() && !path.empty()) {
    std::size_t colon = path.find(':');
    std::string candidate = os::join(path.substr(0, colon), name);
    if (candidate.starts_with('/') && is_program(candidate)) {
      out.push_back(std::move(candidate));
    }
    path.remove_prefix(colon == std::string_view::npos ? path.size() : colon + 1);
  }
  return out;
}

/// Reads one command into words.
class Splitter {
 public:
  explicit Splitter(std::string_view command) : rest_(command) {}

  Result<std::vector<std::string>> split() {
    while (!rest_.empty()) {
      char c = take();
      if (c == ' ' || c == '\t' || c == '\n') {
        end_word();
      } else if (c == '\'' || c == '"') {
        CAIRN_TRY(quoted_part(c));
      } else if (c == '\\' && !rest_.empty()) {
        add(take());
      } else {
        add(c);
      }
    }
    end_word();
    return std::move(words_);
  }

 private:
  char take() {
    char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void add(char c) { word_ = word_.value_or("") + c; }
  void end_word() {
    if (word_) {
      words_.push_back(std::move(*word_));
      word_.reset();
    }
  }
  Status quoted_part(char quote) {
    word_ = word_.value_or("");
    while (!rest_.empty()) {
      char c = take();
      if (c == quote) {
        return {};
      }
      if (quote == '"' && c == '\\' && !rest_.empty() && (rest_.front() == '"' || rest_.front() == '\\')) {
        c = take();
      }
      add(c);
    }
    return Error(Code::malformed, std::string("a ") + quote + " without an end");
  }

  std::string_view rest_;
  std::optional<std::string> word_;
  std::vector<std::string> words_;
};

}  // namespace

std::optional<Program> find_program(const std::string& name, const std::string& root) {
  if (name.find('/') != std::string::npos) {
    std::string path = name.front() == '/' ? name : os::join(root, name);
    return is_program(path) ? std::optional(to_program(path, root)) : std::nullopt;
  }
  std::vector<std::string> found = programs_in_path(name);
  return found.empty() ? std::nullopt : std::optional(to_program(found.front(), root));
}

std::optional<std::string> find_program_outside(const std::string& name,
                                                const std::vector<std::string>& roots) {
  for (std::string& path : programs_in_path(name)) {
    bool inside = std::any_of(roots.begin(), roots.end(), [&path](const std::string& root) {
      return to_program(path, root).in_repository;
    });
    if (!inside) {
      return std::move(path);
    }
  }
  return std::nullopt;
}

Result<std::vector<std::string>> split_words(std::string_view command) {
  auto words = Splitter(command).split();
  if (!words.ok()) {
    return words.error().with_context("the command " + quoted(command) + " under 'tools:' has");
  }
  if (words->empty()) {
    return Error(Code::malformed, "a command under 'tools:' is empty", "write it as \"gcc --version\"");
  }
  return words;
}

Result<os::Captured> ask(std::vector<std::string> argv, const CaptureContext& context,
                         std::map<std::string, std::optional<std::string>> env) {
  os::ProcessOptions options;
  options.argv = std::move(argv);
  options.folder = context.root;
  options.env = std::move(env);
  options.env["LC_ALL"] = "C.UTF-8";  // versions in one language
  return os::capture(options, {kPatience, &context.stop});
}

}  // namespace cairn::version
