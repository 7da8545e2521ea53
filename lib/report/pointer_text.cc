// SPDX-License-Identifier: Apache-2.0
#include "report/pointer_text.h"

#include <fmt/format.h>

#include "base/human_size.h"
#include "report/content_parts.h"
#include "report/folder_lines.h"
#include "report/format.h"
#include "text/yaml_writer.h"

namespace cairn::report {
namespace {

/// "1.50 GiB (1610612736 bytes)".
std::string exact_size(std::uint64_t bytes) {
  const std::string size = human_size(bytes);
  return size.ends_with(" B") ? size : fmt::format("{} ({} bytes)", size, bytes);
}

std::string source_lines(const project::PointerSource& source) {
  text::Value map = text::Value::map();
  map.set("source", project::write_source(source));
  return text::write_yaml(map);
}

std::string header(const project::Pointer& pointer) {
  std::string text = fmt::format("type: {}\nhash: b3:{}\nsize: {}\n", pointer.is_tree() ? "folder" : "file",
                                 short_id(pointer.object.id), exact_size(pointer.object.size));
  text += pointer.executable ? "exec: true\n" : "";
  text += pointer.is_tree() ? fmt::format("files: {}\n", pointer.files) : "";
  text += pointer.source ? source_lines(*pointer.source) : "";
  text += pointer.user.entries().empty() ? "" : text::write_yaml(pointer.user);
  return text;
}

/// "" for what is one chunk.
Result<std::string> file_lines(store::Reader& reader, const store::Id& blob) {
  CAIRN_TRY_ASSIGN(const auto chunks, reader.read_pieces(store::Family::blob, blob));
  if (chunks.size() < 2) {
    return std::string();
  }
  const std::vector<store::Piece> parts = content_parts(chunks);
  std::string text = fmt::format("content in {} parts:\n", parts.size());
  for (const store::Piece& part : parts) {
    text += fmt::format("{:>9}  {}\n", human_size(part.size), short_id(part.id));
  }
  return text;
}

Result<std::string> content_lines(const store::Object& object, store::Reader* reader) {
  if (reader == nullptr) {
    return Error(Code::not_found, "there is no store");
  }
  return object.family == store::Family::tree ? folder_lines(*reader, object.id)
                                              : file_lines(*reader, object.id);
}

}  // namespace

Result<std::string> pointer_text(const project::Pointer& pointer, store::Reader* reader) {
  Result<std::string> lines = content_lines(pointer.object, reader);
  if (!lines.ok() && lines.error().code() == Code::not_found) {
    lines =
        fmt::format("{} not in the local store; to bring it: cairn fetch, or cairn fetch --rev REVISION\n",
                    pointer.is_tree() ? "the list of files is" : "the content is");
  }
  CAIRN_TRY(lines);
  return header(pointer) + (lines->empty() ? "" : "\n" + *lines);
}

}  // namespace cairn::report
