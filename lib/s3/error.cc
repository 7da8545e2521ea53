// SPDX-License-Identifier: Apache-2.0
#include "s3/error.h"

#include <array>

#include "base/escape.h"
#include "text/xml.h"

namespace cairn::s3 {
namespace {

/// A failure that many people meet, and what to do about it.
struct KnownError {
  std::string_view code;
  std::string_view message;  ///< BUCKET, CREDENTIALS and REGION are put in
  std::string_view hint;     ///< NAME and REGION too
};

constexpr std::string_view kCheckKeys =
    "check the keys; to set them for this clone: cairn config --local remote.NAME.access_key_id ID, and the "
    "same with "
    "secret_access_key";
constexpr std::string_view kLogIn = "log in again to get a new one, then run the command again";
constexpr std::string_view kSetRegion = "cairn config remote.NAME.region REGION";
constexpr std::string_view kMakeRoom = "make room there, or have the limit raised";

constexpr std::array kKnownErrors = {
    KnownError{"InvalidAccessKeyId", "the access key id is unknown (credentials from CREDENTIALS)",
               kCheckKeys},
    KnownError{"SignatureDoesNotMatch", "the secret access key is wrong (credentials from CREDENTIALS)",
               kCheckKeys},
    KnownError{"ExpiredToken", "the session token has expired (credentials from CREDENTIALS)", kLogIn},
    KnownError{"TokenRefreshRequired", "the session token has expired (credentials from CREDENTIALS)",
               kLogIn},
    KnownError{"InvalidToken", "the session token is not valid (credentials from CREDENTIALS)", kLogIn},
    KnownError{"NoSuchBucket", "there is no bucket BUCKET",
               "make it with the tools of the service, or mend the address: cairn remote list"},
    KnownError{"InvalidBucketName", "there is no bucket BUCKET: the service does not allow that name",
               "mend the address: cairn remote list"},
    KnownError{"AuthorizationHeaderMalformed", "the bucket is not in the region that is set", kSetRegion},
    KnownError{"PermanentRedirect", "the bucket is not in the region that is set", kSetRegion},
    KnownError{"TemporaryRedirect", "the bucket is not in the region that is set", kSetRegion},
    KnownError{"IllegalLocationConstraintException", "the bucket is not in the region that is set",
               kSetRegion},
    KnownError{"RequestTimeTooSkewed", "the clock of this machine is wrong by more than the service allows",
               "set the clock"},
    KnownError{"RequestExpired", "the clock of this machine is wrong by more than the service allows",
               "set the clock"},
    KnownError{"AccessDenied",
               "no permission (credentials from CREDENTIALS); a session token may also have expired",
               "ask the bucket's owner to let you list, read, write and delete there"},
    KnownError{"AllAccessDisabled", "the bucket is closed to everybody", "ask the bucket's owner"},
    KnownError{"AccountProblem", "the account has a problem", "ask the service's operator"},
    KnownError{"QuotaExceeded", "the bucket or account is full: its quota is used up", kMakeRoom},
    KnownError{"XMinioStorageFull", "the storage is full", kMakeRoom},
    KnownError{"InsufficientStorage", "the storage is full", kMakeRoom},
    KnownError{"SlowDown", "the service is too busy or broken, again and again", "try again later"},
    KnownError{"InternalError", "the service is too busy or broken, again and again", "try again later"},
    KnownError{"ServiceUnavailable", "the service is too busy or broken, again and again", "try again later"},
    KnownError{"BadDigest", "what arrived differs from what was sent", "try again; check the network"},
    KnownError{"XAmzContentSHA256Mismatch", "what arrived differs from what was sent",
               "try again; check the network"},
};

/// For answers without a code.
std::string_view code_of_status(int status) {
  switch (status) {
    case 301:
    case 307:
      return "PermanentRedirect";
    case 403:
      return "AccessDenied";
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return "SlowDown";
    case 507:
      return "InsufficientStorage";
    default:
      return "";
  }
}

std::string replaced(std::string_view text, std::string_view word, std::string_view by) {
  std::string out(text);
  if (const std::size_t at = out.find(word); at != std::string::npos) {
    out.replace(at, word.size(), by);
  }
  return out;
}

}  // namespace

std::string ServiceError::text() const {
  if (code.empty() && message.empty()) {
    return "status " + std::to_string(status);
  }
  return escaped(code) + (code.empty() || message.empty() ? "" : ": ") + escaped(message);
}

ServiceError read_error(const http::Response& response) {
  ServiceError error;
  error.status = response.status;
  const auto document = text::parse_xml(response.body);
  if (document.ok()) {
    const text::XmlElement* inner = document->name == "Error" ? &*document : document->find("Error");
    if (inner != nullptr) {
      error.code = inner->text_of("Code");
      error.message = inner->text_of("Message");
      error.region = inner->text_of("Region");
    }
  }
  if (const std::string* region = response.find("x-amz-bucket-region"); region != nullptr) {
    error.region = *region;
  }
  return error;
}

bool is_error_body(const http::Response& response) {
  const auto document = text::parse_xml(response.body);
  return document.ok() && document->name == "Error";
}

bool is_transient(const http::Response& response) {
  if (response.status != 400 && response.status != 200) {
    return false;
  }
  const std::string code = response.body.empty() ? "" : read_error(response).code;
  return code == "RequestTimeout" || code == "InternalError" || code == "SlowDown";
}

Error explain(const ServiceError& error, const Config& config, const std::string& credentials) {
  const std::string_view code =
      error.code.empty() ? code_of_status(error.status) : std::string_view(error.code);
  for (const KnownError& known : kKnownErrors) {
    if (known.code != code) {
      continue;
    }
    std::string message = replaced(known.message, "BUCKET", quoted(config.bucket));
    message = replaced(message, "CREDENTIALS", credentials);
    std::string hint = replaced(known.hint, "NAME", config.remote_name);
    if (!error.region.empty() && known.hint == kSetRegion) {
      message += ", but in " + quoted(error.region);
      hint = replaced(hint, "REGION", escaped(error.region));
    }
    return {Code::remote, message + " (" + error.text() + ")", hint};
  }
  return {Code::remote, "the service refuses: " + error.text(), "try again; ask the service's operator"};
}

}  // namespace cairn::s3
