// SPDX-License-Identifier: Apache-2.0
// Tests of CSAF 2.1 about the licence of the document.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/license_expression.hpp"
#include "formats/csaf/translations.hpp"
#include "formats/lists.hpp"

namespace lockstep::formats::csaf {
namespace {

const Json& expression_of(const View& view) {
  return view.document["license_expression"];
}

Listed listed(const LicenseName& name) {
  return name.is_exception ? listed_exception(name.id) : listed_license(name.id);
}

template <typename Look>
void each_name(const View& view, Look look) {
  const LicenseExpression expression = parse_license_expression(text(expression_of(view)));
  for (const LicenseName& name : expression.names)
    look(name, listed(name));
}

bool is_listed(Listed listed) {
  return listed == Listed::active || listed == Listed::deprecated;
}

/// The text of a licence of one's own must be in exactly one note. A name that a list should have,
/// but does not, is no such licence; test 6.2.45 speaks about it.
void check_text(const View& view, std::string_view title, Findings& findings) {
  if (has_own_license(view)) check_one_note(view, title, "legal_disclaimer", findings);
}

}  // namespace

bool has_own_license(const View& view) {
  bool has_own = false;
  each_name(view, [&](const LicenseName&, Listed where) {
    has_own = has_own || where == Listed::other_list;
  });
  return has_own;
}

void invalid_license(const View& view, Findings& findings) {
  const Json& node = expression_of(view);
  if (!node.is_string()) return;
  const LicenseExpression expression = parse_license_expression(text(node));
  if (!expression.problem.empty())
    findings.add(node,
                 fmt::format("expected an SPDX licence expression such as CC-BY-4.0, found {}",
                             expression.problem));
}

void license_text(const View& view, Findings& findings) {
  if (view.is_english()) check_text(view, "License", findings);
}

void missing_license(const View& view, Findings& findings) {
  const Json* node = view.document.find("license_expression");
  if (node == nullptr)
    findings.add(view.document, "expected 'license_expression', found no such key");
  else if (text(*node).empty())
    findings.add(*node, "expected a value of 'license_expression', found an empty one");
}

void deprecated_license(const View& view, Findings& findings) {
  each_name(view, [&](const LicenseName& name, Listed where) {
    if (where == Listed::deprecated)
      findings.add(expression_of(view),
                   fmt::format("expected a licence in use, found '{}', which is "
                               "deprecated",
                               quotable(name.id)));
  });
}

void nonexistent_license(const View& view, Findings& findings) {
  each_name(view, [&](const LicenseName& name, Listed where) {
    if (where == Listed::unknown)
      findings.add(
          expression_of(view),
          fmt::format("expected an identifier of the list that '{}' belongs to, found none",
                      quotable(name.id)));
  });
}

void translated_license_text(const View& view, Findings& findings) {
  const std::string_view title = translation_of("License", view.language);
  if (!view.is_english() && !title.empty()) check_text(view, title, findings);
}

void unregistered_license(const View& view, Findings& findings) {
  each_name(view, [&](const LicenseName& name, Listed where) {
    if (!is_listed(where))
      findings.add(expression_of(view),
                   fmt::format("expected a licence of the SPDX list or of the ScanCode LicenseDB, "
                               "found '{}'",
                               quotable(name.id)));
  });
}

}  // namespace lockstep::formats::csaf
