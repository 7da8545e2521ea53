// SPDX-License-Identifier: Apache-2.0
#include "runner/trace_calls.h"

#include <arpa/inet.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <array>
#include <cstring>

#include "os/fd.h"
#include "runner/process_memory.h"
#include "runner/trace_filter.h"

namespace cairn::runner {
namespace {

constexpr std::size_t kFirstRead = 256;  // most paths are shorter
constexpr int kInterpreterDepth = 4;     // as the kernel's
constexpr unsigned kExchange = 2;        // RENAME_EXCHANGE
constexpr unsigned kNoReplace = 1;       // RENAME_NOREPLACE
#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#else
constexpr Elf64_Half kMachine = EM_AARCH64;
#endif

int descriptor(std::uint64_t argument) {
  return static_cast<int>(static_cast<std::uint32_t>(argument));
}

/// The first bytes of a program.
std::string head_of(const std::string& path) {
  std::string out(kFirstRead, '\0');
  auto file = os::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!file.ok()) {
    return {};
  }
  auto got = os::read_at(file->get(), {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}, 0, path);
  out.resize(got.ok() ? *got : 0);
  return out;
}

/// A Linux program that the filter does not know the calls of.
bool is_foreign(std::string_view head) {
  Elf64_Half machine = 0;
  if (!head.starts_with(ELFMAG) || head.size() < offsetof(Elf64_Ehdr, e_machine) + sizeof machine) {
    return false;
  }
  std::memcpy(&machine, head.data() + offsetof(Elf64_Ehdr, e_machine), sizeof machine);
  return machine != kMachine || head[EI_CLASS] != ELFCLASS64;
}

/// "#!/path/to/program …": the program, or nothing.
std::string_view interpreter_of(std::string_view head) {
  if (!head.starts_with("#!")) {
    return {};
  }
  head.remove_prefix(2);
  head = head.substr(0, head.find('\n'));
  head.remove_prefix(std::min(head.find_first_not_of(" \t"), head.size()));
  return head.substr(0, head.find_first_of(" \t"));
}

std::optional<std::string> to_address(const sockaddr_storage& raw, std::size_t size) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (raw.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in address{};
    std::memcpy(&address, &raw, sizeof address);
    ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(address.sin_port));
  }
  // The kernel takes an IPv6 address without its last field, the scope.
  if (raw.ss_family == AF_INET6 && size >= offsetof(sockaddr_in6, sin6_scope_id)) {
    sockaddr_in6 address{};
    std::memcpy(&address, &raw, sizeof address);
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return fmt::format("[{}]:{}", text.data(), ntohs(address.sin6_port));
  }
  return std::nullopt;
}

}  // namespace

void TraceCalls::answer(const seccomp_notif& call, int listener) {
  thread_ = static_cast<pid_t>(call.pid);
  listener_ = listener;
  id_ = call.id;
  released_ = false;
  file_call(call);
  if (!released_) {
    let_go(listener_, id_);
  }
}

void TraceCalls::file_call(const seccomp_notif& call) {
  const auto& a = call.data.args;
  switch (call.data.nr) {
#ifdef SYS_open
    case SYS_open:
      return open(AT_FDCWD, a[0], a[1]);
    case SYS_creat:
      return open(AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC);
    case SYS_rename:
      return rename(AT_FDCWD, a[0], AT_FDCWD, a[1], 0);
    case SYS_unlink:
      return remove(AT_FDCWD, a[0], Node::file);
    case SYS_rmdir:
      return remove(AT_FDCWD, a[0], Node::folder);
    case SYS_link:
      return link(AT_FDCWD, a[0], AT_FDCWD, a[1], 0);
    case SYS_symlink:
      return make(AT_FDCWD, a[1], Node::file);
    case SYS_mkdir:
      return make(AT_FDCWD, a[0], Node::folder);
    case SYS_mknod:
      return make(AT_FDCWD, a[0], Node::file);
#endif
    case SYS_openat:
      return open(descriptor(a[0]), a[1], a[2]);
#ifdef SYS_openat2
    case SYS_openat2:
      return open2(descriptor(a[0]), a[1], a[2]);
#endif
#ifdef SYS_renameat
    case SYS_renameat:
      return rename(descriptor(a[0]), a[1], descriptor(a[2]), a[3], 0);
#endif
    case SYS_renameat2:
      return rename(descriptor(a[0]), a[1], descriptor(a[2]), a[3], a[4]);
    case SYS_unlinkat:
      return remove(descriptor(a[0]), a[1], (a[2] & AT_REMOVEDIR) != 0 ? Node::folder : Node::file);
    case SYS_truncate:
      return truncate(a[0]);
    case SYS_linkat:
      return link(descriptor(a[0]), a[1], descriptor(a[2]), a[3], a[4]);
    case SYS_symlinkat:
      return make(descriptor(a[1]), a[2], Node::file);
    case SYS_mkdirat:
      return make(descriptor(a[0]), a[1], Node::folder);
    case SYS_mknodat:
      return make(descriptor(a[0]), a[1], Node::file);
    default:
      return other_call(call);
  }
}

void TraceCalls::other_call(const seccomp_notif& call) {
  const auto& a = call.data.args;
  switch (call.data.nr) {
    case SYS_chdir:
    case SYS_fchdir:
      return paths_.forget_working_folder();
    case SYS_execve:
      return execute(AT_FDCWD, a[0], 0);
    case SYS_execveat:
      return execute(descriptor(a[0]), a[1], a[4]);
#ifdef SYS_getdents
    case SYS_getdents:
#endif
    case SYS_getdents64:
      return record_.listed(paths_.opened(thread_, descriptor(a[0])).path);
    case SYS_connect:
      return network(TraceEndpoint::Use::connect, a[1], a[2]);
    case SYS_bind:
      return network(TraceEndpoint::Use::bind, a[1], a[2]);
    case SYS_sendto:
      return network(TraceEndpoint::Use::send, a[4], a[5]);
#ifdef SYS_io_uring_setup
    case SYS_io_uring_setup:
      record_.unseen.io_uring = true;
      return;
#endif
    default:  // mount, pivot_root, chroot, setns
      paths_.expect_other_roots();
  }
}

std::string_view TraceCalls::text_at(Argument address) {
  for (std::size_t size : {kFirstRead, text_.size()}) {
    const std::optional<std::size_t> got = read_memory(thread_, address, {text_.data(), size});
    if (!got.has_value()) {
      ++record_.unseen.calls;
      return {};
    }
    const std::string_view text(text_.data(), *got);
    if (const std::size_t end = text.find('\0'); end != std::string_view::npos) {
      return text.substr(0, end);
    }
  }
  return {};
}

bool TraceCalls::still_waits() const {
  return ::ioctl(listener_, SECCOMP_IOCTL_NOTIF_ID_VALID, &id_) == 0;
}

bool TraceCalls::release() {
  released_ = true;
  return let_go(listener_, id_);
}

TracedPath TraceCalls::resolve(int folder, Argument path, LastLink last) {
  TracedPath out = paths_.resolve(thread_, folder, text_at(path), last);
  return out.path.empty() || still_waits() ? out : TracedPath();
}

void TraceCalls::went_through(const TracedPath& path) {
  for (const std::string& link : path.links) {
    record_.read(link);
  }
}

void TraceCalls::open(int folder, Argument path, std::uint64_t flags) {
  if ((flags & O_PATH) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
    return;
  }
  const bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  const bool keep_link = exclusive || (flags & O_NOFOLLOW) != 0;
  const TracedPath found =
      paths_.resolve(thread_, folder, text_at(path), keep_link ? LastLink::keep : LastLink::follow);
  // By far the most frequent call: answering it says whether its caller still waits, so that need not be
  // asked, and what follows is done while the caller runs.
  if (found.path.empty() || !release()) {
    return;
  }
  if (!found.kind.has_value()) {
    if ((flags & O_CREAT) != 0) {
      went_through(found);
      record_.wrote(found.path, Before::absent, Content::replaced);
    }
    return;
  }
  const std::uint64_t access = flags & O_ACCMODE;
  if (*found.kind == os::Kind::folder && access == O_RDONLY) {
    went_through(found);
  }
  if (*found.kind != os::Kind::file || exclusive || (flags & O_DIRECTORY) != 0) {
    return;
  }
  went_through(found);
  const bool replaced = (flags & O_TRUNC) != 0;
  if (access != O_WRONLY && !replaced) {
    record_.read(found.path);
  }
  if (access != O_RDONLY || replaced) {
    record_.wrote(found.path, Before::present, replaced ? Content::replaced : Content::kept);
  }
}

void TraceCalls::open2(int folder, Argument path, Argument how) {
  open_how options{};
  std::array<char, sizeof options> raw{};
  if (read_memory(thread_, how, raw).value_or(0) == raw.size()) {
    std::memcpy(&options, raw.data(), sizeof options);
    open(folder, path, options.flags);
  }
}

void TraceCalls::execute(int folder, Argument path, Argument flags) {
  const std::string_view text = text_at(path);
  if (text.empty() && (flags & AT_EMPTY_PATH) != 0) {
    TracedPath program = paths_.opened(thread_, folder);
    program.kind = os::Kind::file;
    return executed(program, 0);
  }
  const TracedPath program = paths_.resolve(thread_, folder, text, LastLink::follow);
  if (still_waits()) {
    executed(program, 0);
  }
  paths_.forget_working_folder();  // a number is given to another process at the earliest now
}

void TraceCalls::executed(const TracedPath& program, int depth) {
  if (program.path.empty() || program.kind != os::Kind::file || depth > kInterpreterDepth) {
    return;
  }
  went_through(program);
  record_.executed(program.path);
  const std::string head = head_of(program.path);
  if (is_foreign(head)) {
    record_.unseen.foreign_binary = true;
  }
  if (const std::string_view interpreter = interpreter_of(head); !interpreter.empty()) {
    executed(paths_.resolve(thread_, AT_FDCWD, interpreter, LastLink::follow), depth + 1);
  }
}

void TraceCalls::rename(int from_folder, Argument from, int to_folder, Argument to, Argument flags) {
  const TracedPath source = resolve(from_folder, from, LastLink::keep);
  const TracedPath target = resolve(to_folder, to, LastLink::keep);
  const bool exchange = (flags & kExchange) != 0;
  const bool fails =
      exchange ? !target.kind.has_value() : (flags & kNoReplace) != 0 && target.kind.has_value();
  if (source.path.empty() || target.path.empty() || !source.kind.has_value() || fails) {
    return;
  }
  const Node node = *source.kind == os::Kind::folder ? Node::folder : Node::file;
  if (node == Node::folder || source.kind == os::Kind::symlink || exchange) {
    paths_.forget_folders();
  }
  if (exchange) {
    record_.read(target.path);
    record_.wrote(source.path, Before::present, Content::replaced);
    record_.read(source.path);
    record_.wrote(target.path, Before::present, Content::replaced);
    return;
  }
  record_.moved(source.path, target.path, node, target.kind.has_value() ? Before::present : Before::absent);
}

void TraceCalls::remove(int folder, Argument path, Node node) {
  const TracedPath found = resolve(folder, path, LastLink::keep);
  if (found.path.empty() || !found.kind.has_value() ||
      (*found.kind == os::Kind::folder) != (node == Node::folder)) {
    return;
  }
  if (node == Node::folder) {
    paths_.forget_folders();
  }
  record_.removed(found.path);
}

void TraceCalls::truncate(Argument path) {
  const TracedPath found = resolve(AT_FDCWD, path, LastLink::follow);
  if (!found.path.empty() && found.kind == os::Kind::file) {
    went_through(found);
    record_.wrote(found.path, Before::present, Content::kept);
  }
}

void TraceCalls::link(int from_folder, Argument from, int to_folder, Argument to, Argument flags) {
  const LastLink last = (flags & AT_SYMLINK_FOLLOW) != 0 ? LastLink::follow : LastLink::keep;
  const TracedPath source = resolve(from_folder, from, last);
  const TracedPath target = resolve(to_folder, to, LastLink::keep);
  if (target.path.empty() || target.kind.has_value()) {
    return;
  }
  // A source without a path is a file that has no name yet (O_TMPFILE).
  if (!source.path.empty()) {
    if (!source.kind.has_value()) {
      return;
    }
    record_.read(source.path);
  }
  record_.wrote(target.path, Before::absent, Content::replaced);
}

void TraceCalls::make(int folder, Argument path, Node node) {
  const TracedPath target = resolve(folder, path, LastLink::keep);
  if (target.path.empty() || target.kind.has_value()) {
    return;
  }
  if (node == Node::folder) {
    record_.made_folder(target.path);
  } else {
    record_.wrote(target.path, Before::absent, Content::replaced);
  }
}

void TraceCalls::network(TraceEndpoint::Use use, Argument address, Argument size) {
  sockaddr_storage raw{};
  std::array<char, sizeof(sockaddr_in6)> bytes{};
  const std::size_t wanted = std::min<std::size_t>(size, bytes.size());
  const std::optional<std::size_t> got = read_memory(thread_, address, {bytes.data(), wanted});
  if (!got.has_value()) {
    ++record_.unseen.calls;
    return;
  }
  std::memcpy(&raw, bytes.data(), bytes.size());
  if (std::optional<std::string> text = to_address(raw, *got); text.has_value() && still_waits()) {
    record_.network({use, std::move(*text)});
  }
}

}  // namespace cairn::runner
