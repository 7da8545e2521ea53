// SPDX-License-Identifier: Apache-2.0
#include "http/failure.h"

#include <curl/curl.h>

#include <system_error>

#include "base/escape.h"
#include "http/url.h"

namespace cairn::http {
namespace {

Error certificate_error(const std::string& host, const std::string& detail, const std::string& remote_name) {
  constexpr std::string_view kPrefix = "SSL certificate problem: ";
  const std::string reason = detail.starts_with(kPrefix) ? detail.substr(kPrefix.size()) : detail;
  return {Code::remote, "the TLS certificate of " + host + " is not trusted: " + escaped(reason),
          "if it is one of your own, name the file of its authority: cairn config --local remote." +
              remote_name + ".ssl_verify FILE"};
}

Error connect_error(const std::string& host, const CurlFailure& failure) {
  const std::string reason = failure.system_error == 0
                                 ? escaped(failure.detail)
                                 : std::generic_category().message(failure.system_error);
  return {Code::remote, "cannot connect to " + host + ": " + reason,
          "check that the server runs, and the address: cairn remote list"};
}

}  // namespace

Failure explain(const CurlFailure& failure, const std::string& remote_name) {
  const std::string host = quoted(origin_of(failure.url));
  const std::string check_address = "check the network, and the address: cairn remote list";
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {{Code::remote, "there is no host for " + host, check_address}, Patience::brief};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {{Code::remote, "the proxy on the way to " + host + " cannot be found",
               "check http_proxy, https_proxy and no_proxy in the environment"},
              Patience::brief};
    case CURLE_COULDNT_CONNECT:
      return {connect_error(host, failure), Patience::brief};
    case CURLE_OPERATION_TIMEDOUT:
      return {{Code::remote,
               host + " stalls: nothing was moved for " + std::to_string(failure.stall_limit_s) + " s",
               "try again later: what has arrived is not sent again"},
              Patience::brief};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {certificate_error(host, failure.detail, remote_name), Patience::none};
    case CURLE_SSL_CACERT_BADFILE:
      return {{Code::remote, "the file of TLS authorities cannot be used: " + escaped(failure.detail),
               "check remote." + remote_name + ".ssl_verify, CURL_CA_BUNDLE and SSL_CERT_FILE"},
              Patience::none};
    case CURLE_SSL_CONNECT_ERROR:
      return {{Code::remote, "no TLS connection to " + host + ": " + escaped(failure.detail),
               "check whether the address should begin with http:// instead"},
              Patience::brief};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND:
      return {{Code::remote, "the connection to " + host + " broke off: " + escaped(failure.detail),
               "try again: what has arrived is not sent again"},
              Patience::full};
    default:
      return {{Code::remote, host + " gave no proper answer: " + escaped(failure.detail), check_address},
              Patience::none};
  }
}

}  // namespace cairn::http
