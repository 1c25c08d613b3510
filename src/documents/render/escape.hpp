// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lockstep::documents {

/// Text made safe between tags and inside double-quoted attributes of HTML and SVG. Control
/// characters and bytes that are no UTF-8 become U+FFFD; characters that turn the direction of
/// writing (they can make text read as something else) are shown by name, "[U+202E]". Tabs and line
/// feeds stay.
std::string escape_html(std::string_view text);

/// The text as a CSS string with its quotes; all but letters, digits and spaces is written as an
/// escape.
std::string css_string(std::string_view text);

}  // namespace lockstep::documents
