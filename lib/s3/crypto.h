// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/result.h"

namespace cairn::s3 {

/// The functions of OpenSSL's libcrypto that we use, under their own names.
struct Crypto {
  decltype(&::EVP_MD_CTX_new) EVP_MD_CTX_new;
  decltype(&::EVP_MD_CTX_free) EVP_MD_CTX_free;
  decltype(&::EVP_DigestInit_ex) EVP_DigestInit_ex;
  decltype(&::EVP_DigestUpdate) EVP_DigestUpdate;
  decltype(&::EVP_DigestFinal_ex) EVP_DigestFinal_ex;
  decltype(&::EVP_md5) EVP_md5;
  decltype(&::EVP_sha256) EVP_sha256;
  decltype(&::HMAC) HMAC;
};

/// Loads libcrypto, once a process: linked, it took a quarter of the time of a command that needs no S3.
/// Error `unsupported` where it is not installed.
Status load_crypto();
/// REQUIRES: load_crypto() would succeed.
const Crypto& crypto();

}  // namespace cairn::s3
