// SPDX-License-Identifier: Apache-2.0
// Findings as test cases: a suite for each bill; a case for each finding, each component that could
// not be asked about, and each component in which nothing was found. What fails the gate is a
// failure; what waits for a person's decision is an error, since the case came to no answer; what
// could not be asked about is skipped. So nothing passes because it is unknown.
// Source: the JUnit XML that CI systems read (testsuites, testsuite, testcase).
#include <fmt/format.h>
#include <set>

#include "documents/exports/parts.hpp"
#include "documents/render/escape.hpp"

namespace lockstep::documents {
namespace {

struct Counts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
};

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, escape_html(value));
}

std::string head_of(const Counts& counts) {
  return fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", counts.tests,
                     counts.failures, counts.errors, counts.skipped);
}

std::string case_of(const std::string& classname,
                    const std::string& name,
                    const std::string& body) {
  const std::string start =
      "    <testcase" + attribute("classname", classname) + attribute("name", name);
  return body.empty() ? start + "/>\n" : start + ">\n" + body + "    </testcase>\n";
}

std::string told(std::string_view element,
                 std::string_view type,
                 std::string_view message,
                 std::string_view text) {
  return fmt::format("      <{}{}{}>{}</{}>\n", element, attribute("message", message),
                     attribute("type", type), escape_html(text), element);
}

std::string finding_case(const Finding& finding, Counts& counts) {
  ++counts.tests;
  std::string text = finding.because + "\n" + finding.state_because;
  if (const std::string solution = solution_of(finding); !solution.empty()) text += "\n" + solution;
  const std::string message =
      fmt::format("{} ({})", finding.summary.empty() ? flaw_of(finding) : finding.summary,
                  finding.severity.word);
  std::string body;
  if (finding.state == State::fail) {
    ++counts.failures;
    body = told("failure", "fail", message, text);
  } else if (finding.state == State::pass || finding.state == State::warn) {
    body = fmt::format("      <system-out>{}</system-out>\n", escape_html(text));
  } else {
    ++counts.errors;
    body = told("error", to_text(finding.state), message, text);
  }
  return case_of(name_of(finding), flaw_of(finding), body);
}

std::string suite_of(const ScannedBills& scanned, const Bom& bom, Counts& counts) {
  std::string cases;
  std::set<std::string> named;
  for (const Finding& finding : scanned.findings) {
    if (finding.sbom != bom.path) continue;
    named.insert(finding.component + "\n" + finding.reference);
    cases += finding_case(finding, counts);
  }
  for (const Unmatched& unmatched : scanned.unmatched) {
    if (unmatched.sbom != bom.path) continue;
    named.insert(unmatched.component + "\n" + unmatched.reference);
    ++counts.tests;
    ++counts.skipped;
    cases += case_of(unmatched.component, "could not be asked about",
                     "      <skipped" + attribute("message", unmatched.reason) + "/>\n");
  }
  for (const Component& component : bom.components) {
    if (named.contains(component.name + "\n" + component.reference)) continue;
    ++counts.tests;
    cases += case_of(
        component.version.empty() ? component.name : component.name + " " + component.version,
        "no advisory touches it", "");
  }
  return "  <testsuite" + attribute("name", bom.path) + head_of(counts) +
         attribute("timestamp", to_text(scanned.at).substr(0, 19)) + ">\n" + cases +
         "  </testsuite>\n";
}

}  // namespace

Result<std::string> export_junit(const ScannedBills& scanned) {
  std::string suites;
  Counts all;
  for (const Bom& bom : scanned.boms) {
    Counts counts;
    suites += suite_of(scanned, bom, counts);
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.errors += counts.errors;
    all.skipped += counts.skipped;
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", "lockstep vuln scan") + head_of(all) + ">\n" + suites +
         "</testsuites>\n";
}

}  // namespace lockstep::documents
