// SPDX-License-Identifier: Apache-2.0
#include "report/pointer_text.h"

#include "compare_fixture.h"
#include "report/folder_lines.h"
#include "report/format.h"

namespace cairn::report {
namespace {

class PointerText : public CompareFixture {
 protected:
  std::string text(const pipeline::PathState& state, store::Store* store,
                   const text::Value& user = text::Value::map()) {
    project::Pointer pointer{state.object, state.executable, state.files, {}, user};
    std::optional<store::Reader> reader;
    if (store != nullptr) {
      reader.emplace(*store);
    }
    auto text = pointer_text(pointer, reader ? &*reader : nullptr);
    EXPECT_OK(text);
    return text.ok() ? *text : "";
  }
  std::string lines(const pipeline::PathState& folder, std::size_t limit = kMaxFolderLines) {
    store::Reader reader(*store_);
    auto lines = folder_lines(reader, folder.object.id, limit);
    EXPECT_OK(lines);
    return lines.ok() ? *lines : "";
  }
};

std::string id_of(std::string_view content) {
  return short_id(codec::hash(as_bytes(content)));
}

TEST_F(PointerText, OfASmallFileItsKeys) {
  text::Value user = text::Value::map();
  user.set("desc", text::Value::string("all prices"));
  EXPECT_EQ(text(file("prices", true), store_.get(), user),
            "type: file\nhash: b3:" + id_of("prices") + "\nsize: 6 B\nexec: true\ndesc: all prices\n");
}

TEST_F(PointerText, OfALargeFileItsParts) {
  const std::string large(as_text(test::random_bytes(3 << 20, 7)));
  const std::string found = text(file(large), store_.get());
  EXPECT_NE(found.find("size: 3.00 MiB (3145728 bytes)\n\ncontent in "), std::string::npos) << found;
}

TEST_F(PointerText, OfAFolderEachFile) {
  const auto state =
      folder({entry("a\nb", "1"), subfolder("empty", {}), entry("link", "to", store::TreeKind::symlink),
              entry("run", "12", store::TreeKind::executable),
              subfolder("sub", {subfolder("deep", {entry("x", "123")})})});
  const std::string empty = short_id(folder({}).object.id);
  EXPECT_EQ(text(state, store_.get()), "type: folder\nhash: b3:" + short_id(state.object.id) +
                                           "\nsize: 6 B\nfiles: 4\n\n"
                                           "      1 B  " +
                                           id_of("1") + "  a\\nb\n" + "      0 B  " + empty +
                                           "  empty/ (files: 0)\n" + "  symlink                link -> to\n" +
                                           "      2 B  " + id_of("12") + "  run (executable)\n" +
                                           "      3 B  " + id_of("123") + "  sub/deep/x\n");
}

TEST_F(PointerText, FoldersStandForTheirFilesAboveTheLimit) {
  const auto state = folder({subfolder("a", {entry("1", "one"), subfolder("in", {entry("2", "two")})}),
                             subfolder("b", {entry("3", "three"), entry("4", "four")})});
  const auto count = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  EXPECT_EQ(count(lines(state, 4)), 4);
  EXPECT_NE(lines(state, 4).find("  a/in/2\n"), std::string::npos);
  EXPECT_EQ(count(lines(state, 3)), 2);
  EXPECT_NE(lines(state, 3).find("  a/ (files: 2)\n"), std::string::npos);
  EXPECT_EQ(lines(state, 1),
            "2 files and folders, too many to list; cairn diff shows which of them changed\n");
}

TEST_F(PointerText, ListsThatAreNotHereAreTold) {
  const auto other = open("other");
  const store::Id inner = put(*other, store::Tree{{entry("x", "1")}});
  const auto state = folder({{"sub", store::TreeKind::folder, inner, 1, 1, ""}});
  EXPECT_NE(text(state, store_.get()).find("  sub/ (files: 1, their list is not here)\n"), std::string::npos);
  for (store::Store* store : {other.get(), static_cast<store::Store*>(nullptr)}) {
    EXPECT_NE(
        text(state, store).find("\n\nthe list of files is not in the local store; to bring it: cairn fetch"),
        std::string::npos);
    EXPECT_NE(
        text(file("content that is only here"), store).find("\n\nthe content is not in the local store;"),
        std::string::npos);
  }
}

}  // namespace
}  // namespace cairn::report
