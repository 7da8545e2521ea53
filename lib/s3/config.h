// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "s3/aws_files.h"
#include "transport/place.h"

namespace cairn::s3 {

/// What is known of a bucket and how to speak to it, from the remote's settings, the environment (AWS_…) and
/// the files of the AWS tools, in this order.
struct Config {
  std::string remote_name;
  std::string bucket;
  std::string prefix;  ///< of the names of objects: "" or "a/b/"
  std::string scheme;
  std::string host;  ///< as in the header `Host`
  std::string path;  ///< before the object's name: "" or "/BUCKET" behind what an endpoint's path is
  std::string region;
  std::string endpoint;  ///< as the user wrote it, "" for AWS's own
  bool anonymous = false;
  std::string sse;
  std::string sse_kms_key_id;
  std::string profile_name;
  Profile profile;  ///< of the AWS tools' files

  [[nodiscard]] bool is_encrypted() const { return scheme == "https"; }
};

/// Errors: `usage` for a URL or setting that makes no sense; `malformed` for a file that cannot be read.
Result<Config> read_config(const transport::Place& place);

/// A variable of the environment; nothing when it is not set or empty.
std::optional<std::string> environment(const char* name);

}  // namespace cairn::s3
