// SPDX-License-Identifier: Apache-2.0
#include "git/program.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>

#include "base/escape.h"
#include "git/other_index.h"
#include "os/file.h"
#include "os/foreground.h"
#include "os/process.h"

namespace cairn::git {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// A nameless file that takes one stream of a child. os::capture keeps only so much, and a list of paths that
/// is cut short would be a wrong answer.
class StreamFile {
 public:
  static Result<StreamFile> make() {
    std::FILE* file = std::tmpfile();
    if (file == nullptr) {
      return Error::from_errno(errno, "cannot make a temporary file for", "git");
    }
    return StreamFile(file);
  }

  [[nodiscard]] int fd() const { return ::fileno(file_.get()); }

  /// For a child to read from the beginning.
  Status fill(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() ||
        std::fflush(file_.get()) != 0) {
      return Error::from_errno(errno, "cannot write the input of", "git");
    }
    std::rewind(file_.get());
    return {};
  }

  Result<std::string> read() const {
    CAIRN_TRY_ASSIGN(os::FileStat stat, os::stat_fd(fd(), "output of git"));
    Buffer bytes(stat.size);
    CAIRN_TRY(os::read_exactly_at(fd(), bytes, 0, "output of git"));
    return std::string(as_text(bytes));
  }

 private:
  explicit StreamFile(std::FILE* file) : file_(file) {}
  std::unique_ptr<std::FILE, Closer> file_;
};

/// What a call needs besides its arguments.
struct Surroundings {
  std::map<std::string, std::optional<std::string>> env = {};
  std::string_view input = {};
  bool terminal = false;
};

Result<std::string> run_git_in(const Layout& layout, const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) {
  CAIRN_TRY_ASSIGN(StreamFile out, StreamFile::make());
  CAIRN_TRY_ASSIGN(StreamFile err, StreamFile::make());
  std::optional<StreamFile> in;
  if (!surroundings.input.empty()) {
    CAIRN_TRY_ASSIGN(in, StreamFile::make());
    CAIRN_TRY(in->fill(surroundings.input));
  }
  os::ProcessOptions options;
  options.argv = {"git"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.folder = layout.bare ? layout.git_dir : layout.work_tree;
  options.env = surroundings.env;
  options.env["GIT_DIR"] = layout.git_dir;
  options.env["GIT_COMMON_DIR"] = layout.common_dir;
  options.env["GIT_WORK_TREE"] = layout.bare ? std::nullopt : std::optional(layout.work_tree);
  options.stdin_fd = in ? in->fd() : -1;
  options.stdout_fd = out.fd();
  options.stderr_fd = err.fd();
  options.death_signal = SIGTERM;  // Git removes its lock files then
  std::optional<os::Foreground> foreground;
  if (surroundings.terminal) {
    foreground.emplace(options);
  }
  CAIRN_TRY_ASSIGN(os::Process process, os::Process::start(options));
  CAIRN_TRY_ASSIGN(os::ExitStatus exit, process.wait());
  if (!exit.ok()) {
    CAIRN_TRY_ASSIGN(std::string said, err.read());
    return Error(Code::io, "'git " + escaped(arguments.front()) + "' failed in " + quoted(options.folder) +
                               ": " + escaped(said.substr(0, said.find('\n'))));
  }
  return out.read();
}

}  // namespace

Result<std::string> run_git(const Layout& layout, const std::vector<std::string>& arguments) {
  return run_git_in(layout, arguments, {});
}

Result<std::string> run_git_with_input(const Layout& layout, const std::vector<std::string>& arguments,
                                       std::string_view input) {
  return run_git_in(layout, arguments, {.input = input});
}

Result<std::string> run_git_on_terminal(const Layout& layout, const std::vector<std::string>& arguments) {
  return run_git_in(layout, arguments, {.terminal = true});
}

Result<std::string> run_git_on_index(const Layout& layout, const std::string& index,
                                     const std::vector<std::string>& arguments) {
  return run_git_in(layout, arguments, {.env = {{"GIT_INDEX_FILE", index}}});
}

}  // namespace cairn::git
