// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/validate.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "formats/csaf/check.hpp"
#include "formats/csaf/extensions.hpp"
#include "formats/csaf/limits.hpp"
#include "formats/csaf/test_list.hpp"
#include "formats/csaf/translations.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats::csaf {
namespace {

Severity severity_of(std::string_view number) {
  if (number.starts_with("6.2.")) return Severity::warning;
  return number.starts_with("6.3.") ? Severity::note : Severity::error;
}

/// The pointers of the wanted values, all found in one walk over the document.
class Pointers {
 public:
  explicit Pointers(const std::vector<std::pair<const Test*, Findings>>& failed) {
    for (const auto& [test, findings] : failed)
      for (const Finding& finding : findings.list())
        wanted_.emplace(finding.at, "");
  }

  void find_in(const Json& root) {
    std::string path;
    walk(root, path);
  }

  std::string operator[](const Json* value) const {
    const auto found = wanted_.find(value);
    return found == wanted_.end() ? "" : found->second;
  }

 private:
  void walk(const Json& value, std::string& path) {
    if (const auto one = wanted_.find(&value); one != wanted_.end()) one->second = path;
    const std::size_t length = path.size();
    const auto step = [&](std::string_view name, const Json& inner) {
      if (inner.is_null()) return;
      path += '/';
      path += name;
      walk(inner, path);
      path.resize(length);
    };
    for (const auto& [key, member] : value.members())
      step(key, member);
    for (std::size_t i = 0; i < value.items().size(); ++i)
      step(std::to_string(i), value.items()[i]);
  }

  std::unordered_map<const Json*, std::string> wanted_;
};

void report_schema(const View& view, const Source& source) {
  for (const BrokenRule& rule : view.schema.broken)
    if (owner_of(rule.pointer) == SchemaOwner::document)
      source.problems.error("schema",
                            fmt::format("{} (at {})", rule.message, shown_pointer(rule.pointer)),
                            rule.at->at(source.path));
  if (view.schema.gave_up)
    source.problems.warning("schema.not_checked", says_of_unchecked(), view.root.at(source.path));
}

void report_unchecked(const View& view, const Source& source) {
  for (const Test& test : tests_of(view.version))
    if (!test.unchecked.empty())
      source.problems.note(
          "csaf.not_checked",
          fmt::format("test {} ({}) was {}: {}", test.number, test.title,
                      test.check == nullptr ? "not made" : "made in part", test.unchecked),
          {source.path, 0, 0});
  for (const Untranslated& one : untranslated_tests(view))
    source.problems.note("csaf.not_checked",
                         fmt::format("test {} was not made: no translation of '{}' into the "
                                     "document's language '{}' is known",
                                     one.test, one.term, quotable(view.language)),
                         view.document["lang"].at(source.path));
  if (view.gave_up())
    source.problems.warning("csaf.not_checked",
                            fmt::format("expected groups that are looked at less than {} times, "
                                        "member by member; what other items say through groups was "
                                        "not checked",
                                        group_members_max),
                            {source.path, 0, 0});
}

/// CSAF 2.1, 6.1.60.2 and 6.1.60.3: what an extension that is not implemented asks for is a
/// warning.
void report_extensions(const View& view, const Source& source) {
  if (!view.is_2_1()) return;
  for (const Json* extension : extensions_of(view)) {
    if (find_extension(text((*extension)["$schema"])) != nullptr) continue;
    source.problems.warning(
        "csaf.not_checked",
        fmt::format(
            "tests 6.1.60.2 and 6.1.60.3 were not made: they ask for the schema and the metadata "
            "of an extension that this program does not implement; the experimental extension "
            "says '{}'",
            quotable(text((*extension)["$schema"]), 200)),
        extension->at(source.path));
  }
}

void run_tests(const View& view, const Source& source) {
  std::vector<std::pair<const Test*, Findings>> failed;
  for (const Test& test : tests_of(view.version)) {
    if (test.check == nullptr) continue;
    Findings findings;
    test.check(view, findings);
    if (!findings.list().empty()) failed.emplace_back(&test, std::move(findings));
  }
  Pointers pointers(failed);
  pointers.find_in(view.root);
  for (const auto& [test, findings] : failed)
    for (const Finding& finding : findings.list())
      source.problems.add(
          {severity_of(test->number), std::string(test->number),
           fmt::format("{} (at {})", finding.message, shown_pointer(pointers[finding.at])),
           finding.at->at(source.path)});
}

}  // namespace

void Findings::add(const Json& at, std::string message) {
  if (list_.size() < test_findings_max) list_.push_back({&at, std::move(message)});
}

SchemaOwner owner_of(std::string_view pointer) {
  const auto pieces = split(pointer, '/');
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i] == "x_extensions")
      return i + 1 < pieces.size() ? SchemaOwner::extension : SchemaOwner::document;
    const bool is_metric = i > 3 && pieces[1] == "vulnerabilities" &&
                           (pieces[3] == "scores" || pieces[3] == "metrics");
    if (is_metric && pieces[i].starts_with("cvss_v")) return SchemaOwner::cvss;
    if (is_metric && pieces[i] == "ssvc_v2") return SchemaOwner::ssvc;
  }
  return SchemaOwner::document;
}

std::optional<Version> version_of(const Json& document) {
  const std::string_view version = text(document["document"]["csaf_version"]);
  if (version == "2.0") return Version::v2_0;
  if (version == "2.1") return Version::v2_1;
  return std::nullopt;
}

void check_document(const Json& document, const Source& source, Instant now) {
  const auto version = version_of(document);
  if (!version) {
    const Json& head = document["document"];
    const Json& node = head["csaf_version"].is_null() ? document : head["csaf_version"];
    source.problems.error("csaf.version",
                          fmt::format("expected 2.0 or 2.1 as document/csaf_version, found {}",
                                      describe(head["csaf_version"])),
                          node.at(source.path));
    return;
  }
  View view(document, *version, now);
  view.schema = broken_rules(document, view.is_2_1() ? "csaf/csaf-2.1" : "csaf/csaf-2.0");
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  report_schema(view, collect);
  run_tests(view, collect);
  report_extensions(view, collect);
  append_in_file_order(source.problems, found);
  report_unchecked(view, source);
}

void validate(std::string_view bytes, const std::string& path, Diagnostics& problems, Instant now) {
  const auto document = parse_json(bytes, path, problems, document_limits);
  if (!document) return problems.add(document.error());
  check_document(*document, {path, problems}, now);
}

}  // namespace lockstep::formats::csaf
