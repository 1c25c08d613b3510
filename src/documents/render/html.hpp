// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "documents/tree.hpp"

namespace lockstep::documents {

/// The tree as one HTML file that needs nothing else: no script, style and drawings inline, a
/// content security policy that forbids the rest, landmarks, a skip link, headings in order, and a
/// style for A4 paper. The same tree gives the same bytes.
std::string to_html(const Document& document);

}  // namespace lockstep::documents
