// SPDX-License-Identifier: Apache-2.0
#include "webdav/http_tree.h"

namespace cairn::webdav {

Result<std::unique_ptr<HttpTransport>> HttpTransport::open(const transport::Place& place) {
  CAIRN_TRY_ASSIGN(http::Url url, http::parse_url(place.url));
  return std::make_unique<HttpTransport>(place, std::move(url));
}

Error HttpTransport::read_only() const {
  return {Code::unsupported, describe() + " is for reading only",
          "push to a remote that can be written, such as webdavs://, s3:// or a folder"};
}

Result<std::vector<transport::ObjectInfo>> HttpTransport::list(const std::string& /*prefix*/) {
  return Error(Code::unsupported, describe() + " cannot be listed");
}

}  // namespace cairn::webdav
