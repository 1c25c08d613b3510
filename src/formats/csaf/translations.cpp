// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/translations.hpp"

#include <array>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::formats::csaf {
namespace {

struct Row {
  std::string_view language;
  std::string_view term;
  std::string_view translation;
};

constexpr std::array rows = {
    Row{"de", "License", "Lizenz"},
    Row{"de", "Product Description", "Produktbeschreibung"},
    Row{"de", "Reasoning for Supersession", "Begründung für die Ersetzung"},
    Row{"de", "Reasoning for Withdrawal", "Begründung für die Zurückziehung"},
    Row{"de", "Superseding Document", "Ersetzendes Dokument"},
};

}  // namespace

std::string_view translation_of(std::string_view term, std::string_view language) {
  const std::string primary = lower_case(language.substr(0, language.find('-')));
  for (const Row& row : rows)
    if (row.language == primary && row.term == term) return row.translation;
  return "";
}

std::vector<Untranslated> untranslated_tests(const View& view) {
  std::vector<Untranslated> tests;
  if (!view.is_2_1() || view.is_english()) return tests;
  const auto need = [&](std::string_view test, std::string_view term, bool is_asked) {
    if (is_asked && translation_of(term, view.language).empty()) tests.push_back({test, term});
  };
  const bool is_withdrawn = view.category == "csaf_withdrawn";
  const bool is_superseded = view.category == "csaf_superseded";
  need("6.2.39.2", "Reasoning for Withdrawal", is_withdrawn);
  need("6.2.39.3", "Reasoning for Supersession", is_superseded);
  need("6.2.39.4", "Superseding Document", is_superseded);
  need("6.2.40", "Product Description", true);
  need("6.2.46", "License", has_own_license(view));
  return tests;
}

void check_one_note(const View& view,
                    std::string_view title,
                    std::string_view category,
                    Findings& findings) {
  const Json& notes = view.document["notes"];
  std::size_t count = 0;
  for (const Json& note : notes.items()) {
    if (text(note["title"]) != title) continue;
    ++count;
    if (text(note["category"]) != category)
      findings.add(note, fmt::format("expected the category {} of the note '{}', found '{}'",
                                     category, title, quotable(text(note["category"]))));
  }
  if (count != 1)
    findings.add(
        notes.is_null() ? view.document : notes,
        fmt::format("expected exactly one note with the title '{}', found {}", title, count));
}

}  // namespace lockstep::formats::csaf
