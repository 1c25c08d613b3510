// SPDX-License-Identifier: Apache-2.0
// Tests about the languages of the document.
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/lists.hpp"

namespace lockstep::formats::csaf {
namespace {

template <typename Look>
void each_language(const View& view, Look look) {
  for (const char* key : {"lang", "source_lang"})
    if (view.document[key].is_string()) look(view.document[key], text(view.document[key]));
}

/// Tells a key without a value from one that is not there.
void must_be_set(const View& view, std::string_view key, Findings& findings) {
  const Json* value = view.document.find(key);
  if (value == nullptr)
    findings.add(view.document, fmt::format("expected '{}', found no such key", key));
  else if (text(*value).empty())
    findings.add(*value, fmt::format("expected a value of '{}', found an empty one", key));
}

}  // namespace

void invalid_language(const View& view, Findings& findings) {
  each_language(view, [&](const Json& node, std::string_view tag) {
    const std::string problem = problem_of_language(tag);
    if (!problem.empty())
      findings.add(node, fmt::format("expected a registered language such as en-GB, found '{}': {}",
                                     quotable(tag), quotable(problem, 120)));
  });
}

void missing_source_language(const View& view, Findings& findings) {
  if (text(view.document["publisher"]["category"]) == "translator")
    must_be_set(view, "source_lang", findings);
}

void same_languages(const View& view, Findings& findings) {
  const std::string source = lower_case(text(view.document["source_lang"]));
  if (!source.empty() && source == lower_case(view.language))
    findings.add(view.document["source_lang"],
                 fmt::format("expected another language than that of the document, found '{}' for "
                             "both",
                             quotable(view.language)));
}

void missing_language(const View& view, Findings& findings) {
  must_be_set(view, "lang", findings);
}

void private_language(const View& view, Findings& findings) {
  each_language(view, [&](const Json& node, std::string_view tag) {
    if (has_private_subtag(tag))
      findings.add(node, fmt::format("expected a language without subtags for private use, found "
                                     "'{}'",
                                     quotable(tag)));
  });
}

void default_language(const View& view, Findings& findings) {
  each_language(view, [&](const Json& node, std::string_view tag) {
    if (lower_case(tag) == "i-default")
      findings.add(node, "expected the language itself, found 'i-default'");
  });
}

}  // namespace lockstep::formats::csaf
