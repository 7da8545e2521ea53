// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "base/result.h"

namespace cairn::report {
namespace {

/// Colours by role, so that the dark form changes only these.
constexpr std::string_view kStyle = R"(
:root{--ground:#fff;--text:#1f2328;--quiet:#656d76;--line:#d8dee4;--good:#1a7f37;--bad:#cf222e;
--before:#8c959f;--after:#0969da;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--quiet:#8d96a0;--line:#30363d;
--good:#3fb950;--bad:#f85149;--before:#6e7681;--after:#58a6ff}}
body{background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif;max-width:64rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border-bottom:1px solid var(--line);padding:.35rem 1rem .35rem 0;text-align:left;vertical-align:top}
th{color:var(--quiet);font-weight:600}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
.before{fill:var(--before)}.after{fill:var(--after)}
)";

constexpr double kBarWidth = 5;
constexpr double kBarGap = 3;
constexpr double kChartHeight = 32;

std::string table_row(std::string_view tag, const std::vector<std::string>& cells, std::size_t width) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < width; ++i) {
    out += fmt::format("<{0}>{1}</{0}>", tag, i < cells.size() ? cells[i] : "");
  }
  return out + "</tr>\n";
}

std::string bar(std::string_view series, double x, double height) {
  return fmt::format(R"(<rect class="{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" height="{:.1f}"/>)", series, x,
                     kChartHeight - height, kBarWidth, height);
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (char c : escaped(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_mark(std::string_view html, bool good) {
  return fmt::format(R"(<span class="{}">{}</span>)", good ? "good" : "bad", html);
}

std::string html_page(std::string_view title, std::string_view body) {
  std::string shown = html_text(title);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         shown + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<h1>" + shown +
         "</h1>\n" + std::string(body) + "</body>\n</html>\n";
}

std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<table>\n<thead>" + table_row("th", head, head.size()) + "</thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    out += table_row("td", row, head.size());
  }
  return out + "</tbody>\n</table>\n";
}

std::string html_bars(const std::vector<std::string>& names, const std::vector<double>& before,
                      const std::vector<double>& after) {
  CAIRN_CHECK(before.size() == names.size() && after.size() == names.size());
  double highest = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    highest = std::max({highest, before[i], after[i]});
  }
  const double scale = highest > 0 ? kChartHeight / highest : 0;
  const double step = 2 * kBarWidth + kBarGap;
  std::string bars;
  for (std::size_t i = 0; i < names.size(); ++i) {
    double x = static_cast<double>(i) * step;
    bars += fmt::format("<g><title>{}: {:.1f} % before, {:.1f} % after</title>", html_text(names[i]),
                        100 * before[i], 100 * after[i]) +
            bar("before", x, scale * before[i]) + bar("after", x + kBarWidth, scale * after[i]) + "</g>";
  }
  return fmt::format(
      R"(<svg width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img">{2}</svg>)",
      step * static_cast<double>(names.size()), kChartHeight, bars);
}

}  // namespace cairn::report
