// SPDX-License-Identifier: Apache-2.0
#include "s3/crypto.h"

#include <optional>
#include <string>

#include "os/shared_library.h"

namespace cairn::s3 {
namespace {

constexpr const char* kLibrary = "libcrypto.so.3";

std::optional<Crypto> load() {
  os::SharedLibrary library(kLibrary);
  Crypto crypto{};
  library.find(crypto.EVP_MD_CTX_new, "EVP_MD_CTX_new");
  library.find(crypto.EVP_MD_CTX_free, "EVP_MD_CTX_free");
  library.find(crypto.EVP_DigestInit_ex, "EVP_DigestInit_ex");
  library.find(crypto.EVP_DigestUpdate, "EVP_DigestUpdate");
  library.find(crypto.EVP_DigestFinal_ex, "EVP_DigestFinal_ex");
  library.find(crypto.EVP_md5, "EVP_md5");
  library.find(crypto.EVP_sha256, "EVP_sha256");
  library.find(crypto.HMAC, "HMAC");
  return library.whole() ? std::optional(crypto) : std::nullopt;
}

const std::optional<Crypto>& loaded() {
  static const std::optional<Crypto> crypto = load();
  return crypto;
}

}  // namespace

Status load_crypto() {
  return loaded() ? Status()
                  : Error(Code::unsupported,
                          std::string("S3 needs OpenSSL 3, and ") + kLibrary + " cannot be loaded",
                          "install it; on Debian: apt-get install libssl3");
}

const Crypto& crypto() {
  CAIRN_CHECK(loaded());
  return *loaded();
}

}  // namespace cairn::s3
