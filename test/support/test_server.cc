// SPDX-License-Identifier: Apache-2.0
#include "support/test_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sstream>

#include "support/source_tree.h"

namespace cairn::test {
namespace {

constexpr int kAttempts = 5;
constexpr int kCannotRun = 77;
/// Below the ports that the kernel gives to outgoing connections.
constexpr int kFirstPort = 10'000;
constexpr int kLastPort = 32'000;

struct Ran {
  int status = -1;
  std::string out;
};

Ran run(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  Ran ran;
  if (pipe == nullptr) {
    return ran;
  }
  char part[4096];
  for (std::size_t count = 0; (count = std::fread(part, 1, sizeof part, pipe)) > 0;) {
    ran.out.append(part, count);
  }
  int raw = ::pclose(pipe);
  ran.status = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
  return ran;
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return text.substr(text.rfind('\n') + 1);
}

bool is_free(int port) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

bool has_ended(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(in, text);
  std::size_t end = text.rfind(") ");
  return end == std::string::npos || text[end + 2] == 'Z' || text[end + 2] == 'X';
}

}  // namespace

int free_port() {
  std::random_device device;
  std::uniform_int_distribution<int> port(kFirstPort, kLastPort);
  int found = port(device);
  while (!is_free(found)) {
    found = port(device);
  }
  return found;
}

void wait_gone(pid_t process) {
  for (int i = 0; i < 200 && !has_ended(process); ++i) {
    ::usleep(50'000);
  }
  if (!has_ended(process)) {
    ::kill(process, SIGKILL);
  }
}

TestServer::TestServer(const std::string& script) {
  for (int attempt = 0; attempt < kAttempts && missing_.empty() && processes_.empty(); ++attempt) {
    folder_ = parent_ / std::to_string(attempt);
    port_ = free_port();
    if (start(script)) {
      return;
    }
  }
  EXPECT_FALSE(missing_.empty()) << script << " did not start";
}

bool TestServer::start(const std::string& script) {
  Ran ran = run("bash '" + source_path("test/servers/" + script) + "' '" + folder_ + "' " +
                std::to_string(port_) + " 2>&1");
  std::istringstream line(last_line(ran.out));
  std::string word;
  line >> word;
  if (ran.status == kCannotRun) {
    missing_ = line.str();
  } else if (ran.status == 0 && word == "up:") {
    for (pid_t process = 0; line >> process;) {
      processes_.push_back(process);
    }
  } else {
    std::fprintf(stderr, "%s on port %d:\n%s", script.c_str(), port_, ran.out.c_str());
  }
  return !processes_.empty();
}

TestServer::~TestServer() {
  for (pid_t process : processes_) {
    ::kill(process, SIGCONT);
    ::kill(process, SIGTERM);
  }
  for (pid_t process : processes_) {
    wait_gone(process);
  }
}

TestServer& TestServer::shared(const std::string& script) {
  static std::map<std::string, std::unique_ptr<TestServer>> servers;
  std::unique_ptr<TestServer>& server = servers[script];
  if (!server) {
    server = std::make_unique<TestServer>(script);
  }
  return *server;
}

}  // namespace cairn::test
