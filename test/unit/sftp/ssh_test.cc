// SPDX-License-Identifier: Apache-2.0
#include "sftp/ssh.h"

#include <algorithm>

#include "support/matchers.h"

namespace cairn::sftp {
namespace {

using cairn::test::FailsWith;
using ::testing::HasSubstr;

Address address() {
  Address out;
  out.remote = "origin";
  out.host = "data.example.org";
  out.folder = "/data";
  return out;
}

std::string joined(const std::vector<std::string>& argv) {
  std::string out;
  for (const std::string& word : argv) {
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

TEST(SshCommand, LeavesToSshConfigWhatTheUrlDoesNotSay) {
  EXPECT_EQ(joined(ssh_command({"ssh"}, address(), true)),
            "ssh -oForwardX11=no -oForwardAgent=no -oPermitLocalCommand=no -oClearAllForwardings=yes "
            "-oRemoteCommand=none -oRequestTTY=no -oServerAliveInterval=15 -oConnectTimeout=30 "
            "-s -- data.example.org sftp");
}

TEST(SshCommand, GivesUserPortAndKey) {
  Address to = address();
  to.user = "me";
  to.port = 2222;
  to.keyfile = "~/.ssh/data";
  EXPECT_THAT(joined(ssh_command({"ssh", "-F", "config"}, to, true)),
              HasSubstr(" -l me -p 2222 -i ~/.ssh/data -oIdentitiesOnly=yes -s -- data.example.org sftp"));
}

TEST(SshCommand, NeverAsksInTheBackground) {
  const auto has_batch_mode = [](bool ask) {
    const auto argv = ssh_command({"ssh"}, address(), ask);
    return std::find(argv.begin(), argv.end(), "-oBatchMode=yes") != argv.end();
  };
  EXPECT_FALSE(has_batch_mode(true));
  EXPECT_TRUE(has_batch_mode(false));
}

/// What ssh 9.2 prints, what that means, and a part of what to do.
struct Case {
  std::string complaint;
  std::string meaning;
  std::string advice;
};

TEST(ExplainSsh, TellsFailuresApart) {
  for (const Case& one : {
           Case{"@@@@@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@@@@@@\r\n"
                "Host key for data.example.org has changed and you have requested strict checking.\r\n"
                "Host key verification failed.\r\n",
                "the host key of the server has changed (", "ssh-keygen -R 'data.example.org'"},
           Case{"Host key verification failed.\r\n", "the host key of the server is not known yet",
                "ssh data.example.org, and compare"},
           Case{"ssh: Could not resolve hostname data.example.org: Name or service not known\r\n",
                "there is no host of that name (ssh: Could not resolve", "cairn remote list"},
           Case{"ssh: connect to host data.example.org port 22: Connection refused\r\n",
                "nobody answers at that port", "sshd runs there"},
           Case{"ssh: connect to host data.example.org port 22: Connection timed out\r\n",
                "the host does not answer in time", "ssh data.example.org"},
           Case{"Connection timed out during banner exchange\r\n", "the host does not answer in time", "ssh"},
           Case{"me@data.example.org: Permission denied (publickey,password).\r\n",
                "the server accepts none of our keys", "remote.origin.keyfile"},
           Case{"Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\n",
                "too many keys", "remote.origin.keyfile"},
           Case{"subsystem request failed on channel 0\r\n", "the server has no SFTP", "Subsystem sftp"},
           Case{"kex_exchange_identification: Connection closed by remote host\r\n",
                "closed the connection at once", "try again"},
           Case{"odd\x1b[31m words\n", "ssh says: odd\\x1b[31m words", "ssh data.example.org"},
           Case{"", "ssh ended without a word", "ssh data.example.org"},
       }) {
    const Error error = explain_ssh(one.complaint, address());
    EXPECT_EQ(error.code(), Code::remote);
    EXPECT_THAT(error.message(), HasSubstr(one.meaning));
    EXPECT_THAT(error.hint(), HasSubstr(one.advice));
  }
}

}  // namespace
}  // namespace cairn::sftp
