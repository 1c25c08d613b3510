// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "formats/csaf/check.hpp"

namespace lockstep::formats::csaf {

/// The recorded translation of one of the standard's terms ("License") into a language ("de-DE"),
/// "" when none is recorded. Source: CSAF 2.1, language specific translations, version 2.1.
std::string_view translation_of(std::string_view term, std::string_view language);

/// A test that needs a translation which is not recorded.
struct Untranslated {
  std::string_view test;  ///< its number
  std::string_view term;
};

/// The tests that are not made of a document because of its language.
std::vector<Untranslated> untranslated_tests(const View& view);

/// Reports a document that has not exactly one note of this title and category.
void check_one_note(const View& view,
                    std::string_view title,
                    std::string_view category,
                    Findings& findings);

}  // namespace lockstep::formats::csaf
