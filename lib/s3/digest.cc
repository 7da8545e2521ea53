// SPDX-License-Identifier: Apache-2.0
#include "s3/digest.h"

#include <memory>

#include "s3/crypto.h"

namespace cairn::s3 {
namespace {

constexpr std::size_t kPieceSize = 256u << 10;

class Hasher {
 public:
  explicit Hasher(const EVP_MD* kind) : context_(crypto().EVP_MD_CTX_new(), crypto().EVP_MD_CTX_free) {
    CAIRN_CHECK(crypto().EVP_DigestInit_ex(context_.get(), kind, nullptr) == 1);
  }
  void add(Bytes bytes) {
    CAIRN_CHECK(crypto().EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  Buffer finish() {
    Buffer out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    CAIRN_CHECK(crypto().EVP_DigestFinal_ex(context_.get(), out.data(), &size) == 1);
    out.resize(size);
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context_;
};

Buffer hash(Bytes bytes, const EVP_MD* kind) {
  Hasher hasher(kind);
  hasher.add(bytes);
  return hasher.finish();
}

}  // namespace

Buffer sha256(Bytes bytes) {
  return hash(bytes, crypto().EVP_sha256());
}

Buffer md5(Bytes bytes) {
  return hash(bytes, crypto().EVP_md5());
}

Buffer hmac_sha256(Bytes key, std::string_view text) {
  Buffer out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  const Bytes bytes = as_bytes(text);
  CAIRN_CHECK(crypto().HMAC(crypto().EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(),
                            bytes.size(), out.data(), &size) != nullptr);
  out.resize(size);
  return out;
}

Result<Buffer> hash_of(transport::Source& source, HashKind kind) {
  Hasher hasher(kind == HashKind::sha256 ? crypto().EVP_sha256() : crypto().EVP_md5());
  CAIRN_TRY(source.rewind());
  Buffer piece(kPieceSize);
  while (true) {
    CAIRN_TRY_ASSIGN(const std::size_t count, source.read(piece));
    if (count == 0) {
      return hasher.finish();
    }
    hasher.add(Bytes(piece).first(count));
  }
}

}  // namespace cairn::s3
