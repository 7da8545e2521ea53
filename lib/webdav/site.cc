// SPDX-License-Identifier: Apache-2.0
#include "webdav/site.h"

#include "base/escape.h"
#include "http/download.h"
#include "text/percent.h"

namespace cairn::webdav {
namespace {

using transport::Range;

bool is_missing(const http::Response& response) {
  return response.status == 404 || response.status == 410;
}

/// MKCOL of a folder that is there already answers with 405.
bool is_made(const http::Response& response) {
  return response.ok() || response.status == 405;
}

}  // namespace

Site::Site(const transport::Place& place, http::Url url)
    : remote_name_(place.name), url_(std::move(url)), client_(http::client_options(place)), login_(place) {}

std::string Site::shown() const {
  return quoted(url_.text());
}

std::string Site::url_of(const std::string& path) const {
  return url_.text() + "/" + text::percent_encoded(path, "/");
}

http::Request Site::request(const std::string& method, std::string url) {
  http::Request made;
  made.method = method;
  made.url = std::move(url);
  made.authorize = [this](http::Request& next) { return login_.authorize(next); };
  return made;
}

Result<http::Response> Site::send(const std::string& method, const std::string& path, http::Headers headers,
                                  transport::Source* body) {
  http::Request made = request(method, url_of(path));
  made.headers = std::move(headers);
  made.body = body;
  return client_.send(made);
}

Status Site::make_folder(const std::string& folder) {
  auto made = client_.send(request("MKCOL", url_of(folder + "/")));
  if (!made.ok()) {
    return failure(made.error(), folder);
  }
  return is_made(*made) ? Status() : refusal(*made, folder);
}

/// `path` is percent-encoded and counts from the top of the server.
Status Site::make_collection(const std::string& path) {
  const http::Request making = request("MKCOL", url_.scheme + "://" + url_.authority + path + "/");
  auto made = client_.send(making);
  const std::size_t slash = path.rfind('/');
  const bool lacks_parent = made.ok() && made->status == 409;
  if (lacks_parent && slash != std::string::npos && slash > 0) {
    CAIRN_TRY(make_collection(path.substr(0, slash)));
    made = client_.send(making);
  }
  if (!made.ok()) {
    return failure(made.error(), "");
  }
  return is_made(*made) ? Status() : refusal(*made, "");
}

Error Site::failure(const Error& error, const std::string& name) const {
  const std::string object = name.empty() ? "" : ": " + quoted(name);
  return error.code() == Code::remote ? error.with_context(shown() + object) : error;
}

Error Site::missing(const std::string& name) const {
  return {Code::not_found, quoted(name) + " is not on " + shown()};
}

Error Site::refusal(const http::Response& response, const std::string& name) const {
  const std::string source = login_.source();
  const std::string login = source.empty() ? "no user or token is set" : "with " + source;
  const auto error = [&](const std::string& message, const std::string& hint) {
    return failure(Error(Code::remote, message + " (status " + std::to_string(response.status) + ")", hint),
                   name);
  };
  switch (response.status) {
    case 401:
      return error(
          "the server does not accept the login (" + login + ")",
          "cairn config --local remote." + remote_name_ + ".user NAME, and the same with password; or token");
    case 403:
      return error("no permission (" + login + ")", "ask the server's operator");
    case 404:
    case 409:
    case 410:
      return error("there is no such folder", "check the address: cairn remote list");
    case 405:
    case 501:
      return error("the server does not speak WebDAV there",
                   "check the address: cairn remote list; a remote at https:// is for reading only");
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return error("the server is too busy or broken, again and again", "try again later");
    case 413:
    case 507:
      return error("the server is full, or does not take files of that size", "make room there");
    case 423:
      return error("somebody has locked it", "try again later");
    default:
      return error("the server refuses", "try again; ask the server's operator");
  }
}

Status Site::get(const std::string& name, std::optional<Range> range, const transport::Sink& sink) {
  if (range && range->size == 0) {
    CAIRN_TRY_ASSIGN(const auto size, stat(name));
    return !size                    ? Status(missing(name))
           : range->offset <= *size ? Status()
                                    : failure(Error(Code::remote, "it is cut short"), name);
  }
  http::Request made = request("GET", url_of(name));
  made.follow = true;
  Status sink_error;
  auto response = http::download(client_, made, range, [&](Bytes piece) {
    sink_error = sink(piece);
    return sink_error;
  });
  if (!response.ok()) {
    return sink_error.ok() ? Status(failure(response.error(), name)) : sink_error;
  }
  if (is_missing(*response)) {
    return missing(name);
  }
  if (response->status == 416) {
    return failure(Error(Code::remote, "it is cut short: the bytes that were asked for are not there"), name);
  }
  return response->ok() ? Status() : refusal(*response, name);
}

/// What the server tells of a file; nothing when it is not there.
Result<std::optional<http::Response>> Site::head(const std::string& name) {
  http::Request made = request("HEAD", url_of(name));
  made.follow = true;
  auto response = client_.send(made);
  if (!response.ok()) {
    return failure(response.error(), name);
  }
  if (is_missing(*response)) {
    return std::optional<http::Response>();
  }
  return response->ok() ? Result(std::optional(std::move(*response))) : refusal(*response, name);
}

Result<std::optional<std::uint64_t>> Site::stat(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto response, head(name));
  if (!response) {
    return std::optional<std::uint64_t>();
  }
  const auto size = http::length_of(*response);
  return size ? Result(size) : failure(Error(Code::remote, "the server does not tell its size"), name);
}

Result<std::optional<transport::ObjectState>> Site::find_state(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto response, head(name));
  return response ? std::optional(http::state_of(*response)) : std::nullopt;
}

}  // namespace cairn::webdav
