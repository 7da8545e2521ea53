// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Self-contained HTML: one file that needs no network and no script.
namespace cairn::report {

/// Text as HTML; control and bidirectional characters are shown escaped.
std::string html_text(std::string_view text);

/// A whole page with cairn's style, light and dark. `body` is HTML.
std::string html_page(std::string_view title, std::string_view body);

/// Cells are HTML.
std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows);

/// Two series of shares (0 to 1) side by side as small SVG bars, with the bins' names as titles.
std::string html_bars(const std::vector<std::string>& names, const std::vector<double>& before,
                      const std::vector<double>& after);

}  // namespace cairn::report
