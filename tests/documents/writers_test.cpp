// SPDX-License-Identifier: Apache-2.0
#include "documents/writers.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "support/paths.hpp"
#include "support/sample_dossier.hpp"

namespace lockstep::documents {
namespace {

TEST(Writers, EveryHtmlFileHasAGoldenFile) {
  for (const Writer& writer : writers())
    for (const WrittenFile& file : writer.write(test::sample_dossier()))
      EXPECT_TRUE(std::filesystem::exists(test::source_path("tests/golden/documents/" + file.name)))
          << file.name;
}

TEST(Writers, NamesAndFilesDiffer) {
  std::set<std::string> names;
  for (const Writer& writer : writers()) {
    EXPECT_TRUE(names.insert(std::string(writer.name)).second);
    EXPECT_FALSE(writer.cites.empty()) << writer.name;
    for (const WrittenFile& file : writer.write(Dossier{}))
      EXPECT_TRUE(names.insert(file.name).second);
  }
}

TEST(Writers, AreFoundByName) {
  for (const Writer& writer : writers())
    EXPECT_EQ(find_writer(writer.name), &writer);
  EXPECT_EQ(find_writer("declarations"), nullptr);
}

TEST(Writers, SayTheProvisionsOfARow) {
  EXPECT_EQ(provisions_text(LegalView{}, find_writer("declaration")->cites),
            "CRA Art. 28, CRA Annex V, AI Act Art. 47, AI Act Annex V");
}

}  // namespace
}  // namespace lockstep::documents
