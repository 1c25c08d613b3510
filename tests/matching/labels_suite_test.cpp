// SPDX-License-Identifier: Apache-2.0
// The match-labels suite: what people found true or false about pairs of package and vulnerability
// in images. A label can be decided with the OSV records beside it when one of them lists the
// package under the label's vulnerability; a label has no ecosystem, so only names of Go modules
// and of Python packages are told from others. Labels of packages of distributions need the data of
// those.
#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>

#include "advisories/ecosystem.hpp"
#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/osv/read.hpp"
#include "formats/zip.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

using advisories::AdvisoryIndex;

const std::string suite = "vuln/suites/match-labels/anchore-labels.jsonl";

const AdvisoryIndex& records() {
  static const AdvisoryIndex index = [] {
    advisories::IndexBuilder builder;
    formats::osv::Reader reader;
    Diagnostics problems;
    for (const char* ecosystem : {"Go", "PyPI"}) {
      auto zip = formats::ZipReader::open_file(
          shared_path(fmt::format("vuln/data/osv/{}/all.zip", ecosystem)));
      EXPECT_TRUE(zip.has_value());
      while (zip) {
        const auto entry = zip->next();
        EXPECT_TRUE(entry.has_value());
        if (!entry || !*entry) break;
        const auto read = reader.read((*entry)->bytes, std::string((*entry)->name), problems);
        if (!read) continue;
        for (const Advisory& advisory : *read)
          builder.add(advisory);
      }
    }
    auto made = AdvisoryIndex::from_bytes(builder.finish(), "labels.index");
    EXPECT_TRUE(made.has_value());
    return *std::move(made);
  }();
  return index;
}

struct Label {
  std::string name;
  std::string version;
  std::set<std::string> ids;
  std::string word;  ///< TP, FP, ??
};

Label read_label(std::string_view line) {
  Diagnostics problems;
  const auto json = parse_json(line, "labels", problems);
  EXPECT_TRUE(json.has_value());
  if (!json) return {};
  return {(*json)["package"]["name"].string_or(""),
          (*json)["package"]["version"].string_or(""),
          {(*json)["vuln"].string_or(""), (*json)["effective_cve"].string_or("")},
          (*json)["label"].string_or("")};
}

bool is_go(const std::string& name) {
  const std::size_t slash = name.find('/');
  return name == "stdlib" || (slash != std::string::npos && name.find('.') < slash);
}

/// Whether a record that stands lists the package under one of the ids.
bool is_listed(const Label& label) {
  const std::string ecosystem = is_go(label.name) ? "Go" : "PyPI";
  const auto postings =
      records().find(ecosystem, advisories::normalised_name(ecosystem, label.name));
  EXPECT_TRUE(postings.has_value());
  for (const advisories::Posting& posting : *postings) {
    if (*records().is_withdrawn(posting.record)) continue;
    const auto flaw = records().flaw_of(posting.record);
    for (const std::string_view id : flaw->ids)
      if (label.ids.contains(std::string(id))) return true;
  }
  return false;
}

bool is_found(const Label& label) {
  Component component;
  Purl parts;
  parts.type = is_go(label.name) ? "golang" : "pypi";
  const std::size_t slash = label.name.rfind('/');
  parts.name = slash == std::string::npos ? label.name : label.name.substr(slash + 1);
  if (slash != std::string::npos) parts.name_space = label.name.substr(0, slash);
  parts.version = label.version;
  const auto purl = make_purl(parts);
  EXPECT_TRUE(purl.has_value()) << label.name;
  if (!purl) return false;
  component.purl = *purl;
  component.name = label.name;
  component.version = label.version;
  Bom bom;
  bom.components.push_back(component);
  const auto result = advisories::match(bom, records());
  EXPECT_TRUE(result.has_value());
  for (const Finding& finding : result->findings) {
    if (label.ids.contains(finding.advisory)) return true;
    for (const std::string& id : finding.aliases)
      if (label.ids.contains(id)) return true;
  }
  return false;
}

/// Where a person said otherwise than the records do, by package and version.
struct Row {
  std::string_view package;
  std::string_view reason;
};

constexpr std::array<Row, 2> missed = {{
    {"Django 1.11.29", "the record of CVE-2021-44420 begins at 2.2"},
    {"numpy 1.21.2", "the record of CVE-2021-34141 is about 1.9 alone"},
}};

constexpr std::string_view not_importable =
    "the flaw is in a command of the module, which a bill does not tell from its packages";
constexpr std::string_view other_thing = "the image holds something else of that name";
constexpr std::string_view back_port =
    "a distribution mended its old version, which a package URL of that distribution would say";

constexpr std::array<Row, 8> too_many = {{
    {"PyYAML 3.10", back_port},
    {"github.com/containerd/containerd v1.3.4", not_importable},
    {"github.com/docker/docker v20.10.18+incompatible", not_importable},
    {"github.com/opencontainers/runc v0.1.1", not_importable},
    {"mercurial 2.14", other_thing},
    {"swift 0.0.0-DEVELOPMENT", other_thing},
    {"swift 1.0.0", other_thing},
    {"urllib3 1.24.2", back_port},
}};

TEST(LabelsSuite, DecidesWhatCanBeDecided) {
  LS_NEEDS_SHARED(suite);
  LS_NEEDS_SHARED("vuln/data/osv/Go/all.zip");
  const std::string text = read_file(shared_path(suite));
  std::size_t all = 0;
  std::size_t right = 0;
  std::size_t decided = 0;
  std::set<std::string> differ;
  std::set<std::string> seen;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    ++all;
    const Label label = read_label(line);
    if ((label.word != "TP" && label.word != "FP") || !is_listed(label)) continue;
    ++decided;
    if (is_found(label) == (label.word == "TP")) {
      ++right;
      continue;
    }
    differ.insert(label.word + " " + label.name + " " + label.version);
  }
  std::set<std::string> expected;
  const auto expect = [&expected](std::string_view word, const Row& row) {
    EXPECT_FALSE(row.reason.empty()) << row.package;
    expected.insert(fmt::format("{} {}", word, row.package));
  };
  for (const Row& row : missed)
    expect("TP", row);
  for (const Row& row : too_many)
    expect("FP", row);
  EXPECT_EQ(differ, expected);
  fmt::print("{} labels, {} can be decided, {} as the label says\n", all, decided, right);
  EXPECT_GT(right, 0U);
}

}  // namespace
}  // namespace lockstep::test
