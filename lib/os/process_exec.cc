// SPDX-License-Identifier: Apache-2.0
#include "os/process_exec.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/escape.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

/// Where the child failed, sent through a pipe with errno.
enum class Step : int { setup, folder, exec };
struct Failure {
  Step step = Step::setup;
  int error = 0;
};

/// All that the child needs, made before vfork: it shares our memory and may only make system calls.
struct Plan {
  std::string program;
  std::vector<char*> argv;
  std::vector<std::string> env_text;
  std::vector<char*> env;
  const char* folder = nullptr;
  std::array<int, 3> streams{-1, -1, -1};  ///< -1: ours
  int report = -1;
  int announce = -1;
  pid_t parent = -1;
  int death_signal = SIGKILL;
  int (*before_exec)(void* data) = nullptr;
  void* before_exec_data = nullptr;
};

std::vector<std::string> environment(const ProcessOptions& options) {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    if (options.env.find(std::string(text.substr(0, text.find('=')))) == options.env.end()) {
      out.emplace_back(text);
    }
  }
  for (const auto& [name, value] : options.env) {
    if (value.has_value()) {
      out.push_back(name + "=" + *value);
    }
  }
  return out;
}

std::string_view path_variable(const std::vector<std::string>& env) {
  for (std::string_view entry : env) {
    if (entry.starts_with("PATH=")) {
      return entry.substr(5);
    }
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

Error no_program(const std::string& name) {
  return {Code::not_found, "cannot run " + quoted(name) + ": no such program",
          "install it, or put its folder into PATH"};
}

Result<std::string> find_program(const std::string& name, std::string_view path) {
  if (name.find('/') != std::string::npos) {
    return name;
  }
  bool forbidden = false;
  while (!name.empty() && !path.empty()) {
    std::size_t colon = path.find(':');
    std::string candidate = join(path.substr(0, colon), name);
    struct stat st {};
    if (candidate.starts_with('/') && ::stat(candidate.c_str(), &st) == 0 && S_ISREG(st.st_mode)) {
      if (::access(candidate.c_str(), X_OK) == 0) {
        return candidate;
      }
      forbidden = true;
    }
    path.remove_prefix(colon == std::string_view::npos ? path.size() : colon + 1);
  }
  return forbidden ? Error::from_errno(EACCES, "cannot run", name) : no_program(name);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));  // execve's signature is older than const
  }
  out.push_back(nullptr);
  return out;
}

// The functions from here to run_child run in the child and make only async-signal-safe calls.

[[noreturn]] void give_up(int report, Step step) {
  Failure failure{step, errno};
  [[maybe_unused]] ssize_t ignored = ::write(report, &failure, sizeof failure);
  ::_exit(127);
}

void announce(int socket, pid_t pid) {
  if (socket >= 0) {
    [[maybe_unused]] ssize_t ignored = ::send(socket, &pid, sizeof pid, MSG_NOSIGNAL);
  }
}

/// Puts the streams onto 0, 1 and 2. First all are moved above, so that none overwrites another.
bool place_streams(std::array<int, 3> streams) {
  for (int& stream : streams) {
    if (stream >= 0 && (stream = ::fcntl(stream, F_DUPFD_CLOEXEC, 3)) < 0) {
      return false;
    }
  }
  for (int i = 0; i < 3; ++i) {
    int stream = streams[static_cast<std::size_t>(i)];
    if (stream >= 0 && ::dup2(stream, i) < 0) {
      return false;
    }
  }
  return true;
}

/// Handlers would run our code in the child, and ignored signals would stay ignored in the program.
void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    ::sigaction(signal, &action, nullptr);  // fails for SIGKILL and SIGSTOP, which need none
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void run_child(const Plan& plan) {
  int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, 3);
  int socket = plan.announce < 0 ? -1 : ::fcntl(plan.announce, F_DUPFD_CLOEXEC, 3);
  bool ready = report >= 0 && ::setpgid(0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, plan.death_signal) == 0;
  if (!ready || ::getppid() != plan.parent) {  // a parent that died before prctl sends nothing
    give_up(plan.report, Step::setup);
  }
  reset_signals();
  if (!place_streams(plan.streams)) {
    give_up(report, Step::setup);
  }
  if (plan.folder != nullptr && ::chdir(plan.folder) != 0) {
    give_up(report, Step::folder);
  }
  const pid_t self = ::getpid();  // before_exec may go on in a child of ours
  announce(socket, self);
  Step step = Step::setup;
  if (plan.before_exec == nullptr || (errno = plan.before_exec(plan.before_exec_data)) == 0) {
    step = Step::exec;
    ::execve(plan.program.c_str(), plan.argv.data(), plan.env.data());
  }
  int error = errno;
  announce(socket, -self);
  errno = error;
  give_up(report, step);
}

Error to_error(const Failure& failure, const ProcessOptions& options) {
  switch (failure.step) {
    case Step::folder:
      return Error::from_errno(failure.error, "cannot enter folder", options.folder);
    case Step::exec:
      return failure.error == ENOENT ? no_program(options.argv.front())
                                     : Error::from_errno(failure.error, "cannot run", options.argv.front());
    default:
      return Error::from_errno(failure.error, "cannot start a process for", options.argv.front());
  }
}

/// Starts the child with all signals blocked, so that no handler of ours runs in it before it has reset them.
/// vfork: fork copies page tables, a millisecond for every 100 MB that we hold. This thread sleeps until the
/// child has become the program or ended. What before_exec does may need us, so it gets a fork.
pid_t fork_child(const Plan& plan) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = plan.before_exec == nullptr ? ::vfork() : ::fork();
  if (pid == 0) {
    run_child(plan);
  }
  int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

}  // namespace

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Error::from_errno(errno, "cannot create", "pipe");
  }
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Result<pid_t> fork_and_exec(const ProcessOptions& options) {
  CAIRN_CHECK(!options.argv.empty());
  Plan plan;
  plan.env_text = environment(options);
  CAIRN_TRY_ASSIGN(plan.program, find_program(options.argv.front(), path_variable(plan.env_text)));
  plan.env = pointers(plan.env_text);
  plan.argv = pointers(options.argv);
  plan.folder = options.folder.empty() ? nullptr : options.folder.c_str();
  Fd nothing;
  if (options.stdin_fd < 0) {
    CAIRN_TRY_ASSIGN(nothing, open_file("/dev/null", O_RDONLY));
  }
  plan.streams = {options.stdin_fd < 0 ? nothing.get() : options.stdin_fd, options.stdout_fd,
                  options.stderr_fd};
  CAIRN_TRY_ASSIGN(Pipe report, make_pipe());
  plan.report = report.write_end.get();
  plan.announce = options.announce_fd;
  plan.parent = ::getpid();
  plan.death_signal = options.death_signal;
  plan.before_exec = options.before_exec;
  plan.before_exec_data = options.before_exec_data;

  pid_t pid = fork_child(plan);
  if (pid < 0) {
    return Error::from_errno(errno, "cannot start a process for", options.argv.front());
  }
  ::setpgid(pid, pid);  // as the child does: whoever comes first
  report.write_end = Fd();
  Failure failure;
  ssize_t got = retry([&] { return ::read(report.read_end.get(), &failure, sizeof failure); });
  if (got == 0) {  // closed by exec
    return pid;
  }
  retry([&] { return ::waitpid(pid, nullptr, 0); });
  return to_error(failure, options);
}

}  // namespace cairn::os
