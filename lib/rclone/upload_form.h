// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transport/transport.h"

namespace cairn::rclone {

/// A file as the only part of a form (multipart/form-data, RFC 7578).
class UploadForm : public transport::Source {
 public:
  /// `file_name` is without slashes. The file's bytes come from `file`, which outlives the form.
  UploadForm(const std::string& file_name, transport::Source& file);

  [[nodiscard]] std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  [[nodiscard]] std::uint64_t size() const override { return head_.size() + file_.size() + tail_.size(); }
  Status rewind() override;
  Result<std::size_t> read(std::span<std::uint8_t> out) override;

 private:
  std::string boundary_;  ///< random: no file has it
  std::string head_;
  std::string tail_;
  transport::Source& file_;
  std::uint64_t done_ = 0;
};

}  // namespace cairn::rclone
