// SPDX-License-Identifier: Apache-2.0
// A small strict reader of the HTML that our renderer writes: every tag is closed in order, every
// attribute is quoted, and names and values can be asked for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::test {

struct HtmlTag {
  std::string name;
  std::map<std::string, std::string> attributes;
};

struct HtmlPage {
  std::vector<std::string> problems;  ///< empty for a well-formed page
  std::vector<HtmlTag> tags;          ///< in order of opening
  std::string text;                   ///< between tags, without style

  std::size_t count(std::string_view name) const {
    std::size_t n = 0;
    for (const HtmlTag& tag : tags)
      n += tag.name == name ? 1 : 0;
    return n;
  }
};

namespace html_detail {

inline bool is_void(std::string_view name) {
  return name == "meta" || name == "br" || name == "link" || name == "img" || name == "hr";
}

/// Reads name="value" pairs; anything else is a problem.
inline void read_attributes(std::string_view inside, HtmlTag& tag, HtmlPage& page) {
  while (true) {
    const std::size_t start = inside.find_first_not_of(" \n\t");
    if (start == std::string_view::npos) return;
    inside.remove_prefix(start);
    const std::size_t end = inside.find_first_of("= ");
    const std::string name(inside.substr(0, end));
    if (end == std::string_view::npos || inside[end] == ' ') {
      if (name != "open") page.problems.push_back("attribute without value: " + name);
      tag.attributes[name] = "";
      inside.remove_prefix(std::min(inside.size(), name.size()));
      continue;
    }
    inside.remove_prefix(end + 1);
    const std::size_t close =
        inside.starts_with('"') ? inside.find('"', 1) : std::string_view::npos;
    if (close == std::string_view::npos) {
      page.problems.push_back("attribute without quotes: " + name);
      return;
    }
    if (tag.attributes.contains(name)) page.problems.push_back("attribute twice: " + name);
    tag.attributes[name] = std::string(inside.substr(1, close - 1));
    inside.remove_prefix(close + 1);
  }
}

}  // namespace html_detail

inline HtmlPage read_html(std::string_view html) {
  HtmlPage page;
  std::vector<std::string> open;
  if (!html.starts_with("<!DOCTYPE html>\n")) page.problems.push_back("no doctype");
  html.remove_prefix(std::min<std::size_t>(html.size(), 16));
  while (!html.empty()) {
    if (!open.empty() && open.back() == "style") {
      html.remove_prefix(std::min(html.find("</style>"), html.size()));
    }
    const std::size_t less = html.find('<');
    const std::string_view words = html.substr(0, less);
    if (words.find('>') != std::string_view::npos)
      page.problems.push_back("bare > in text: " + std::string(words.substr(0, 60)));
    page.text += words;
    if (less == std::string_view::npos) break;
    const std::size_t greater = html.find('>', less);
    if (greater == std::string_view::npos) {
      page.problems.push_back("tag without end");
      break;
    }
    std::string_view inside = html.substr(less + 1, greater - less - 1);
    html.remove_prefix(greater + 1);
    if (inside.starts_with('/')) {
      const std::string name(inside.substr(1));
      if (open.empty() || open.back() != name)
        page.problems.push_back("</" + name + "> closes " +
                                (open.empty() ? "nothing" : open.back()));
      if (!open.empty()) open.pop_back();
      continue;
    }
    const bool closed = inside.ends_with('/');
    if (closed) inside.remove_suffix(1);
    HtmlTag tag;
    const std::size_t space = inside.find_first_of(" \n");
    tag.name = std::string(inside.substr(0, space));
    if (space != std::string_view::npos)
      html_detail::read_attributes(inside.substr(space), tag, page);
    if (!closed && !html_detail::is_void(tag.name)) open.push_back(tag.name);
    page.tags.push_back(std::move(tag));
  }
  for (const std::string& name : open)
    page.problems.push_back("never closed: " + name);
  return page;
}

}  // namespace lockstep::test
