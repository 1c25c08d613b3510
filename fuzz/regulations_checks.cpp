// SPDX-License-Identifier: Apache-2.0
// Any text before the finder of signs: it ends, and every hit stands on a line of the text. Folding
// what is folded changes nothing. The same bytes as data of the checks: the loader reports.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "regulations/checks/checks.hpp"
#include "regulations/checks/dates.hpp"
#include "regulations/checks/fold.hpp"
#include "regulations/checks/signs.hpp"

namespace {

using lockstep::regulations::Checks;
using lockstep::regulations::Language;
using lockstep::regulations::SignValue;

/// One sign for each thing that may be wanted behind its words.
Checks small_checks() {
  Checks checks;
  int number = 0;
  Language language;
  language.id = "en";
  language.months = {"january", "february", "march",     "april",   "may",      "june",
                     "july",    "august",   "september", "october", "november", "december"};
  language.common = {"the"};
  for (const SignValue value : {SignValue::none, SignValue::label, SignValue::month, SignValue::day,
                                SignValue::contact, SignValue::url, SignValue::number4}) {
    checks.signs.push_back({"sign", value, "", {}, {}});
    language.signs[number++] = {"support", "contact us", "e mail"};
  }
  checks.kinds.push_back({"kind", "", {}, {}});
  language.headings[0] = {"manual"};
  checks.languages.push_back(language);
  return checks;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const Checks checks = small_checks();
  const std::string folded = lockstep::regulations::fold(bytes);
  LS_CHECK(lockstep::regulations::fold(folded) == folded, "folding twice is not folding once");
  (void)lockstep::regulations::first_date(folded, checks.languages);
  lockstep::ReceivedFile file;
  file.form = "text";
  for (const std::string_view line : lockstep::split(bytes, '\n'))
    file.lines.push_back({0, static_cast<int>(file.lines.size()) + 1, std::string(line)});
  for (const auto& hit : lockstep::regulations::read_document(checks, file).hits)
    LS_CHECK(hit.line >= 1 && hit.line <= static_cast<int>(file.lines.size()), "no such line");
  lockstep::Diagnostics broken;
  const auto tree = lockstep::parse_yaml(bytes, "fuzz.yaml", broken);
  if (!tree) return 0;
  for (const char* path : {"checks/signs.yaml", "checks/languages/xx.yaml",
                           "checks/contradictions.yaml", "checks/one.yaml"}) {
    lockstep::Diagnostics problems;
    const std::vector<lockstep::regulations::SourceFile> files = {{path, *tree}};
    (void)lockstep::regulations::load_checks(files, {}, problems);
  }
  return 0;
}
