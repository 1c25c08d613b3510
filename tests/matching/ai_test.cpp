// SPDX-License-Identifier: Apache-2.0
// Models and data sets, from the bills and records that people write to the findings.
#include <gtest/gtest.h>
#include <string>

#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "base/digest.hpp"
#include "formats/osv/read.hpp"
#include "formats/registry.hpp"
#include "support/paths.hpp"

namespace lockstep::test {
namespace {

constexpr const char* records = R"([
  {"id": "ACME-1", "modified": "2026-01-01T00:00:00Z", "summary": "A backdoor in the weights",
   "affected": [{"package": {"ecosystem": "Hugging Face", "name": "acme/pump-model",
                             "purl": "pkg:huggingface/acme/pump-model"},
                 "versions": ["559062ad13d311b87b2c455e67dcd5f1c8f65111"]}]},
  {"id": "ACME-2", "modified": "2026-01-01T00:00:00Z", "summary": "Poisoned rows",
   "affected": [{"package": {"ecosystem": "Data", "name": "pump-readings",
                             "purl": "pkg:huggingface/datasets/acme/pump-readings"},
                 "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]},
  {"id": "ACME-3", "modified": "2026-01-01T00:00:00Z", "summary": "Leaks its training data",
   "affected": [{"package": {"ecosystem": "MLflow", "name": "churn", "purl": "pkg:mlflow/churn"},
                 "ranges": [{"type": "ECOSYSTEM",
                             "events": [{"introduced": "3"}, {"fixed": "10"}]}]}]},
  {"id": "ACME-4", "modified": "2026-01-01T00:00:00Z", "summary": "Runs code when it is loaded",
   "affected": [{"package": {"ecosystem": "PyPI", "name": "torch", "purl": "pkg:pypi/torch"},
                 "ranges": [{"type": "ECOSYSTEM",
                             "events": [{"introduced": "0"}, {"fixed": "2.6.0"}]}]}]}
])";

/// "NAME (TYPE): ADVISORY", a line each; then the names of what nobody could be asked about.
std::string found_in(const std::string& bill, const std::string& file) {
  Diagnostics problems;
  const auto read = formats::osv::Reader().read(records, "records.json", problems);
  EXPECT_TRUE(read.has_value());
  advisories::IndexBuilder builder;
  for (const Advisory& record : *read)
    builder.add(record);
  const auto index = advisories::AdvisoryIndex::from_bytes(builder.finish(), "ai.index");
  EXPECT_TRUE(index.has_value());
  Diagnostics said;
  const auto bom = formats::read_bom(bill, file, said);
  EXPECT_TRUE(bom.has_value());
  const auto result = advisories::match(*bom, *index);
  EXPECT_TRUE(result.has_value());
  std::string text;
  for (const Finding& finding : result->findings) {
    std::string type;
    for (const Component& component : bom->components)
      if (component.reference == finding.reference) type = component.type;
    text += finding.component + " (" + type + "): " + finding.advisory + "\n";
  }
  for (const Unmatched& open : result->unmatched)
    text += "? " + open.component + ": " + open.reason + "\n";
  return text;
}

TEST(AiComponents, OfCycloneDxHaveAdvisories) {
  EXPECT_EQ(found_in(R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
    {"type": "machine-learning-model", "bom-ref": "m", "name": "pump-model",
     "purl": "pkg:huggingface/acme/pump-model@559062AD13D311B87B2C455E67DCD5F1C8F65111",
     "components": [
       {"type": "data", "bom-ref": "d", "name": "pump-readings",
        "purl": "pkg:huggingface/datasets/acme/pump-readings@1"},
       {"type": "library", "bom-ref": "t", "name": "torch", "purl": "pkg:pypi/torch@2.5.1"}]},
    {"type": "machine-learning-model", "bom-ref": "c", "name": "churn",
     "purl": "pkg:mlflow/churn@9"},
    {"type": "machine-learning-model", "bom-ref": "n", "name": "churn",
     "purl": "pkg:mlflow/churn@10"},
    {"type": "machine-learning-model", "bom-ref": "o", "name": "other",
     "purl": "pkg:huggingface/acme/other@1"}]})",
                     "model.cdx.json"),
            "pump-model (machine-learning-model): ACME-1\n"
            "pump-readings (data): ACME-2\n"
            "torch (library): ACME-4\n"
            "churn (machine-learning-model): ACME-3\n"
            "? other: no advisory source covers pkg:huggingface\n");
}

TEST(AiComponents, OfSpdxHaveAdvisories) {
  std::string bill = read_file(source_path("tests/data/formats/spdx/valid/crane.spdx3.json"));
  const std::size_t at = bill.find("\"type\": \"ai_AIPackage\"");
  ASSERT_NE(at, std::string::npos);
  bill.insert(at, "\"software_packageUrl\": \"pkg:mlflow/churn@4\", ");
  EXPECT_NE(found_in(bill, "crane.spdx3.json").find("(machine-learning-model): ACME-3\n"),
            std::string::npos);
}

}  // namespace
}  // namespace lockstep::test
