// SPDX-License-Identifier: Apache-2.0
#include "git/clone.h"

#include <unistd.h>

#include <csignal>

#include "base/escape.h"
#include "git/shared_refs.h"
#include "os/foreground.h"
#include "os/process.h"

namespace cairn::git {
namespace {

constexpr std::string_view kRemote = "origin";

std::string_view without_end(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

std::string_view without_slashes(std::string_view text) {
  while (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::string clone_folder_name(std::string_view url) {
  std::string_view name = without_slashes(without_end(without_slashes(url), "/.git"));
  const std::size_t begin = name.find_last_of("/:");
  name = begin == std::string_view::npos ? name : name.substr(begin + 1);
  return std::string(without_end(without_end(name, ".git"), ".bundle"));
}

Status clone_repository(const std::string& url, const std::string& folder, const std::string& from,
                        const CloneOptions& clone) {
  os::ProcessOptions options;
  options.argv = {"git", "clone", "--origin", std::string(kRemote)};
  for (const std::string& refspec : shared_refspecs(std::string(kRemote))) {
    options.argv.insert(options.argv.end(),
                        {"--config", "remote." + std::string(kRemote) + ".fetch=" + refspec});
  }
  if (clone.quiet) {
    options.argv.emplace_back("--quiet");
  }
  if (!clone.files) {
    options.argv.emplace_back("--no-checkout");
  }
  if (clone.partial) {
    options.argv.emplace_back("--filter=blob:none");
  }
  options.argv.insert(options.argv.end(), {"--", url, folder});
  options.folder = from;
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE"}) {
    options.env[name] = std::nullopt;  // of another repository, when a hook or alias runs us
  }
  options.stdout_fd = STDERR_FILENO;
  options.death_signal = SIGTERM;  // Git removes the half-made clone then
  os::Foreground foreground(options);
  CAIRN_TRY_ASSIGN(os::Process process, os::Process::start(options));
  CAIRN_TRY_ASSIGN(const os::ExitStatus exit, process.wait());
  if (!exit.ok()) {
    return Error(Code::remote, "git could not clone " + quoted(url), "see what Git says above");
  }
  return {};
}

}  // namespace cairn::git
