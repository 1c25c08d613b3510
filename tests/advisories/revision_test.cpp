// SPDX-License-Identifier: Apache-2.0
#include "advisories/revision.hpp"

#include <gtest/gtest.h>
#include <string>

#include "advisories/match.hpp"
#include "builders.hpp"

namespace lockstep::test {
namespace {

const std::string introduced = "1f0e1a7f3b5c2d4e6f8091a2b3c4d5e6f7081920";
const std::string fixed = "9a8b7c6d5e4f30211203f4e5d6c7b8a990817263";
const std::string other = "0123456789abcdef0123456789abcdef01234567";

/// A record of the repository, with one range of commits.
Advisory of_commits(const std::string& id, const std::string& from) {
  Advisory made = advisory(id, "GIT", "https://github.com/Acme/crane.git", fixed);
  made.affected[0].ranges[0].kind = RangeKind::git;
  made.affected[0].ranges[0].events[0].version = from;
  return made;
}

/// "ADVISORY: because" and "? reason" of a component.
std::string answer(const std::vector<Advisory>& records, const std::string& purl) {
  const auto index = index_of(records);
  const auto result = advisories::match(bill({purl}), index);
  EXPECT_TRUE(result.has_value());
  std::string text;
  for (const Finding& finding : result->findings)
    text += finding.advisory + ": " + finding.because + "\n";
  for (const Unmatched& one : result->unmatched)
    text += "? " + one.reason + " (" + (one.possible.empty() ? "" : one.possible.front()) + ")\n";
  return text;
}

TEST(Revision, RepositoriesHaveOneForm) {
  for (const char* address :
       {"https://github.com/Acme/crane", "git+https://github.com/acme/crane.git/",
        "git://github.com/acme/crane", "git@github.com:acme/crane.git",
        "ssh://git@github.com/acme/crane", "github.com/acme/crane"})
    EXPECT_EQ(advisories::normalised_repository(address), "github.com/acme/crane") << address;
  EXPECT_EQ(advisories::normalised_repository("https://git.acme.example:8443/x"),
            "git.acme.example:8443/x");
  EXPECT_EQ(advisories::normalised_repository(""), "");
}

TEST(Revision, PackageUrlsNameRepositories) {
  const auto revision = [](const std::string& purl) {
    const auto found = advisories::revision_of(*parse_purl(purl));
    return found ? found->repository + " " + found->name : "none";
  };
  EXPECT_EQ(revision("pkg:github/acme/crane@v1.2"), "github.com/acme/crane v1.2");
  EXPECT_EQ(revision("pkg:gitlab/acme/deep/crane@v1.2"), "gitlab.com/acme/deep/crane v1.2");
  EXPECT_EQ(revision("pkg:swift/github.com/acme/crane@1.2"), "github.com/acme/crane 1.2");
  EXPECT_EQ(
      revision("pkg:generic/crane@1.2?vcs_url=git%2Bhttps://github.com/acme/crane.git%40" + other),
      "github.com/acme/crane " + other);
  EXPECT_EQ(revision("pkg:generic/crane@1.2?vcs_url=git%2Bssh://git%40acme.example/crane"),
            "acme.example/crane 1.2");
  EXPECT_EQ(revision("pkg:npm/crane@1.2"), "none");
}

// OSV schema, "Evaluation": which commits lie between two others takes their history.
TEST(Revision, SaysOnlyWhatCommitsSayByThemselves) {
  const std::vector<Advisory> records = {of_commits("OSV-1", introduced)};
  const std::string crane = "pkg:github/acme/crane@";
  EXPECT_EQ(answer(records, crane + introduced),
            "OSV-1: " + introduced + " is the commit that introduced it\n");
  EXPECT_EQ(answer(records, crane + "1F0E1A7F3B"),
            "OSV-1: 1F0E1A7F3B is the commit that introduced it\n");
  EXPECT_EQ(answer(records, crane + fixed), "");
  for (const std::string& revision : {other, std::string("v1.2"), std::string("1f0e1a")})
    EXPECT_EQ(answer(records, crane + revision),
              "? the record lists commits, and where '" + revision +
                  "' stands among them its repository alone can tell (OSV-1)\n");
  EXPECT_EQ(answer(records, "pkg:github/acme/other@" + introduced), "");
}

TEST(Revision, KnowsListedTagsAndWholeRepositories) {
  Advisory tagged = of_commits("OSV-1", introduced);
  tagged.affected[0].versions = {"v1.1", "v1.2"};
  EXPECT_EQ(answer({tagged}, "pkg:github/acme/crane@v1.2"), "OSV-1: v1.2 is listed in versions\n");
  Advisory all = of_commits("OSV-2", "0");
  all.affected[0].ranges[0].events.pop_back();
  EXPECT_EQ(answer({all}, "pkg:github/acme/crane@" + other),
            "OSV-2: " + other + " is in [0, ...) of its repository\n");
}

TEST(Revision, WhatThePackageDecidesIsNotAskedByCommit) {
  Advisory both = of_commits("OSV-1", introduced);
  both.affected.push_back(advisory("", "SwiftURL", "github.com/acme/crane", "2.0.0").affected[0]);
  const std::string crane = "pkg:swift/github.com/acme/crane@";
  EXPECT_EQ(answer({both}, crane + "1.5.0"), "OSV-1: 1.5.0 is in [0, 2.0.0)\n");
  EXPECT_EQ(answer({both}, crane + "2.0.0"), "");
}

TEST(Revision, ARepositoryNeedsARevision) {
  EXPECT_EQ(answer({of_commits("OSV-1", introduced)}, "pkg:github/acme/crane"),
            "? no version (OSV-1)\n");
}

}  // namespace
}  // namespace lockstep::test
