// SPDX-License-Identifier: Apache-2.0
#include "rclone/upload_form.h"

#include <algorithm>

#include "os/file.h"

namespace cairn::rclone {
namespace {

/// A quoted-string of RFC 7230.
std::string quoted_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' || c == '\\' ? "\\" : "";
    out += c;
  }
  return out + "\"";
}

}  // namespace

UploadForm::UploadForm(const std::string& file_name, transport::Source& file)
    : boundary_("cairn" + os::random_name() + os::random_name()),
      head_("--" + boundary_ + "\r\nContent-Disposition: form-data; name=\"file\"; filename=" +
            quoted_string(file_name) + "\r\nContent-Type: application/octet-stream\r\n\r\n"),
      tail_("\r\n--" + boundary_ + "--\r\n"),
      file_(file) {}

Status UploadForm::rewind() {
  done_ = 0;
  return file_.rewind();
}

Result<std::size_t> UploadForm::read(std::span<std::uint8_t> out) {
  const std::uint64_t tail_begin = head_.size() + file_.size();
  std::size_t count = 0;
  if (done_ < head_.size()) {
    count = head_.copy(reinterpret_cast<char*>(out.data()), out.size(), done_);
  } else if (done_ < tail_begin) {
    const std::uint64_t left = tail_begin - done_;
    CAIRN_TRY_ASSIGN(count, file_.read(out.first(std::min<std::uint64_t>(out.size(), left))));
  } else {
    count = tail_.copy(reinterpret_cast<char*>(out.data()), out.size(), done_ - tail_begin);
  }
  done_ += count;
  return count;
}

}  // namespace cairn::rclone
