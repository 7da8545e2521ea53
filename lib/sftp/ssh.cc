// SPDX-License-Identifier: Apache-2.0
#include "sftp/ssh.h"

#include <array>

#include "base/escape.h"

namespace cairn::sftp {
namespace {

/// A failure of ssh: how its text is known, what it means, what to do. HOST stands for what to give to ssh.
struct Failure {
  std::string_view sign;
  std::string_view meaning;
  std::string_view advice;
};

/// The first that matches counts.
constexpr std::array<Failure, 13> kFailures = {{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", "the host key of the server has changed",
     "somebody may be in between. If it was really replaced: ssh-keygen -R 'KNOWN', then ssh HOST"},
    {"Host key verification failed", "the host key of the server is not known yet",
     "ssh HOST, and compare the fingerprint that it shows"},
    {"Could not resolve hostname", "there is no host of that name", "check the name: cairn remote list"},
    {"Connection refused", "nobody answers at that port of the host",
     "check that sshd runs there, and the port: cairn remote list"},
    {"timed out", "the host does not answer in time", "check that it is up, and the way to it: ssh HOST"},
    {"No route to host", "there is no way to the host", "check the network: ssh HOST"},
    {"Network is unreachable", "there is no way to the host", "check the network: ssh HOST"},
    {"Too many authentication failures", "the server refuses us after too many keys",
     "name the right key: cairn config --local remote.NAME.keyfile PATH"},
    {"Permission denied (", "the server accepts none of our keys",
     "ssh HOST must work without a password; another key: cairn config --local remote.NAME.keyfile PATH"},
    {"subsystem request failed", "the server has no SFTP",
     "its sshd_config needs the line: Subsystem sftp internal-sftp"},
    {"kex_exchange_identification", "the server closed the connection at once", "try again: ssh HOST"},
    {"Connection closed", "the server closed the connection", "try again: ssh HOST"},
    {"Connection reset", "the server closed the connection", "try again: ssh HOST"},
}};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t place = text.find(from);
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

/// Lines of ssh that say something, the last three, as one.
std::string words_of(std::string_view complaint) {
  std::vector<std::string> lines;
  while (!complaint.empty()) {
    const std::size_t end = complaint.find('\n');
    std::string_view line = complaint.substr(0, end);
    complaint.remove_prefix(end == std::string_view::npos ? complaint.size() : end + 1);
    while (line.ends_with('\r') || line.ends_with(' ')) {
      line.remove_suffix(1);
    }
    if (!line.empty() && !line.starts_with('@')) {
      lines.push_back(escaped(line));
    }
  }
  std::string out;
  for (std::size_t i = lines.size() - std::min<std::size_t>(lines.size(), 3); i < lines.size(); ++i) {
    out += (out.empty() ? "" : "; ") + lines[i];
  }
  return out;
}

}  // namespace

std::vector<std::string> ssh_command(std::vector<std::string> program, const Address& address, bool ask) {
  std::vector<std::string> argv = std::move(program);
  // Nothing of the user's configuration that is meant for shells.
  for (const char* option :
       {"ForwardX11=no", "ForwardAgent=no", "PermitLocalCommand=no", "ClearAllForwardings=yes",
        "RemoteCommand=none", "RequestTTY=no", "ServerAliveInterval=15"}) {
    argv.push_back(std::string("-o") + option);
  }
  argv.push_back("-oConnectTimeout=" + std::to_string(address.timeout.count()));
  if (!ask) {
    argv.emplace_back("-oBatchMode=yes");
  }
  if (!address.user.empty()) {
    argv.insert(argv.end(), {"-l", address.user});
  }
  if (address.port != 0) {
    argv.insert(argv.end(), {"-p", std::to_string(address.port)});
  }
  if (!address.keyfile.empty()) {
    argv.insert(argv.end(), {"-i", address.keyfile, "-oIdentitiesOnly=yes"});
  }
  argv.insert(argv.end(), {"-s", "--", address.host, "sftp"});
  return argv;
}

Error explain_ssh(std::string_view complaint, const Address& address) {
  const std::string words = words_of(complaint);
  for (const Failure& failure : kFailures) {
    if (complaint.find(failure.sign) != std::string_view::npos) {
      std::string advice = replaced(std::string(failure.advice), "KNOWN", address.known_host());
      advice = replaced(std::move(advice), "HOST", address.ssh_arguments());
      advice = replaced(std::move(advice), "NAME", address.remote);
      return {Code::remote, std::string(failure.meaning) + " (" + words + ")", std::move(advice)};
    }
  }
  return {Code::remote, words.empty() ? "ssh ended without a word" : "ssh says: " + words,
          "see what this says: ssh " + address.ssh_arguments()};
}

}  // namespace cairn::sftp
