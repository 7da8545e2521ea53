// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Self-contained HTML: one file that needs no network and no script.
namespace cairn::report {

/// Text as HTML, in an element or a quoted attribute; control and bidirectional characters are shown escaped.
std::string html_text(std::string_view text);

/// `html` in the colour of what is as it should be, or not.
std::string html_mark(std::string_view html, bool good);

/// A whole page with cairn's style, light and dark. `body` is HTML, the title is text.
std::string html_page(std::string_view title, std::string_view body);

/// Cells are HTML. Rows may be shorter than the head.
std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows);

/// Two series of shares (0 to 1) side by side as small SVG bars, with the bins' names (text) as titles.
/// REQUIRES: one share a name in both.
std::string html_bars(const std::vector<std::string>& names, const std::vector<double>& before,
                      const std::vector<double>& after);

}  // namespace cairn::report
