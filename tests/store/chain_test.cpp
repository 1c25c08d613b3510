// SPDX-License-Identifier: Apache-2.0
#include "store/chain.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "store/limits.hpp"
#include "support.hpp"

namespace lockstep::store {
namespace {

using Kind = ChainProblem::Kind;

struct Chain {
  std::vector<ChainRow> rows;
  ChainHead head = empty_head();

  explicit Chain(int count) {
    for (const Evidence& one : test::some(count))
      add(one);
  }

  void add(const Evidence& evidence) {
    rows.push_back(next_row(head, evidence));
    head = {rows.back().number, rows.back().digest};
  }

  ChainReport report() const { return check_chain(rows, head, {}); }

  void renumber() {
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i].number = static_cast<std::int64_t>(i + 1);
  }

  /// Recomputes all digests and links from a row on: what a careful forger does.
  void relink(std::size_t from) {
    for (std::size_t i = from; i < rows.size(); ++i) {
      rows[i].previous = i == 0 ? std::string(first_previous()) : rows[i - 1].digest;
      rows[i].digest = row_digest(rows[i].previous, rows[i].body);
    }
  }
};

std::vector<std::string> found(const Chain& chain) {
  return test::problems(chain.report());
}

using Texts = std::vector<std::string>;

TEST(Chain, AnUntouchedOneIsWhole) {
  for (const int count : {0, 1, 2, 7})
    EXPECT_TRUE(Chain(count).report().problems.empty()) << count;
}

TEST(Chain, AChangedTextIsFound) {
  Chain chain(5);
  chain.rows[2].body += " ";
  EXPECT_EQ(found(chain), Texts{"row 3 was changed after it was written: its text does not have "
                                "its digest"});
}

TEST(Chain, AChangedTextWithANewDigestIsFound) {
  Chain chain(5);
  chain.rows[2].body += " ";
  chain.rows[2].digest = row_digest(chain.rows[2].previous, chain.rows[2].body);
  EXPECT_EQ(found(chain), Texts{"row 3 is not the one that row 4 was written to follow: it was "
                                "replaced, or rows were taken out before it"});
}

TEST(Chain, AForgedRestIsFoundByTheHead) {
  Chain chain(5);
  chain.rows[2].body += " ";
  chain.relink(2);
  EXPECT_EQ(found(chain), Texts{"row 5 is not the one that the kept end of the chain names"});
}

TEST(Chain, AHoleIsFound) {
  Chain chain(5);
  chain.rows.erase(chain.rows.begin() + 1);
  EXPECT_EQ(found(chain), Texts{"row 2 is missing"});
  chain.rows.erase(chain.rows.begin() + 1);
  EXPECT_EQ(found(chain), Texts{"rows 2 to 3 are missing"});
  Chain first(3);
  first.rows.erase(first.rows.begin());
  EXPECT_EQ(found(first), Texts{"row 1 is missing"});
}

TEST(Chain, ARemovedRowWithNewNumbersIsFound) {
  Chain chain(5);
  chain.rows.erase(chain.rows.begin() + 1);
  chain.renumber();
  EXPECT_EQ(found(chain),
            (Texts{"row 1 is not the one that row 2 was written to follow: it was replaced, or "
                   "rows were taken out before it",
                   "the end is cut off: 5 rows were written, the last one left is row 4"}));
}

TEST(Chain, SwappedRowsAreFound) {
  Chain chain(6);
  std::swap(chain.rows[2], chain.rows[4]);
  chain.renumber();
  const ChainReport report = chain.report();
  ASSERT_GE(report.problems.size(), 2U);
  EXPECT_EQ(report.problems[0].kind, Kind::reordered);
  EXPECT_EQ(report.problems[0].says, "row 3 was written to follow row 4, and stands elsewhere now");
}

TEST(Chain, AnInsertedRowIsFound) {
  Chain chain(5);
  const ChainHead after_two{2, chain.rows[1].digest};
  chain.rows.insert(chain.rows.begin() + 2, next_row(after_two, test::evidence("forged")));
  chain.renumber();
  EXPECT_EQ(found(chain), (Texts{"row 3 was put in: row 4 was written to follow the row before it",
                                 "rows 6 to 6 were put in at the end: 5 rows were written"}));
}

TEST(Chain, ACutOffEndIsFound) {
  Chain chain(5);
  chain.rows.resize(3);
  EXPECT_EQ(found(chain),
            Texts{"the end is cut off: 5 rows were written, the last one left is row 3"});
  chain.rows.clear();
  EXPECT_EQ(found(chain),
            Texts{"the end is cut off: 5 rows were written, the last one left is row 0"});
}

TEST(Chain, AnAppendedRowIsFound) {
  Chain chain(5);
  chain.rows.push_back(next_row(chain.head, test::evidence("forged")));
  EXPECT_EQ(found(chain), Texts{"rows 6 to 6 were put in at the end: 5 rows were written"});
}

TEST(Chain, ARunMustBeChained) {
  Chain chain(1);
  const StoredRun run{"r", "2028-01-01", "2028-01-02T08:00:00Z", "{}"};
  chain.add(dossier_evidence(run));
  const auto says = [&](const std::vector<StoredRun>& runs) {
    std::vector<Evidence> kept;
    for (const StoredRun& one : runs)
      kept.push_back(dossier_evidence(one));
    return test::problems(check_chain(chain.rows, chain.head, {kept, {}}));
  };
  EXPECT_EQ(says({run}), Texts{});
  StoredRun other = run;
  other.dossier = "{ }";
  EXPECT_EQ(says({other}), Texts{"the dossier of run r was changed after it was saved"});
  for (const auto& field : {&StoredRun::as_of, &StoredRun::made_at}) {
    other = run;
    other.*field = "2028-01-03";
    EXPECT_EQ(says({other}), Texts{"the time or the day of run r was changed after it was saved"});
  }
  EXPECT_EQ(says({}), Texts{"the dossier of run r is missing"});
  StoredRun later = run;
  later.id = "s";
  EXPECT_EQ(says({run, later}), Texts{"run s has no row in the chain"});
  chain.add(dossier_evidence(later));
  EXPECT_EQ(says({run, later}), Texts{});
  EXPECT_EQ(says({later, run}), Texts{"run r was saved before the run that stands before it now"});
}

// Rows that were written before the day was part of them.
TEST(Chain, ARowWithoutADaySaysNothingAboutIt) {
  Chain chain(1);
  const StoredRun run{"r", "2028-01-01", "2028-01-02T08:00:00Z", "{}"};
  Evidence chained = dossier_evidence(run);
  chained.note = "";
  chain.add(chained);
  EXPECT_TRUE(check_chain(chain.rows, chain.head, {{dossier_evidence(run)}, {}}).problems.empty());
}

// What the chain alone cannot see, said in the report: a forger who also writes the head.
TEST(Chain, ANewChainWithANewHeadIsWholeButHasAnotherEnd) {
  Chain chain(5);
  const ChainHead noted = chain.head;
  chain.rows[2].body += " ";
  chain.relink(2);
  chain.head.digest = chain.rows.back().digest;
  const ChainReport report = chain.report();
  EXPECT_TRUE(report.problems.empty());
  EXPECT_NE(report.head, noted);
  EXPECT_NE(report.limits.find("compare the digest of the end"), std::string::npos);
}

TEST(Chain, ManyProblemsAreCounted) {
  Chain chain(300);
  for (ChainRow& row : chain.rows)
    row.body = "x";
  const ChainReport report = chain.report();
  EXPECT_EQ(report.problems.size(), problems_max);
  EXPECT_EQ(report.more_problems, 200U);
}

TEST(Chain, TextThatIsNoEvidenceIsAnError) {
  for (const char* body : {"", "x", "[]", "{}", "{\"id\":1}"})
    EXPECT_EQ(evidence_of({1, body, "", ""}).error().code, "store.corrupt") << body;
}

RC_GTEST_PROP(ChainProperties, EveryTamperingIsFound, ()) {
  Chain chain(*rc::gen::inRange(2, 12));
  const std::vector<ChainRow> before = chain.rows;
  const auto at =
      static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(chain.rows.size())));
  const auto other =
      static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(chain.rows.size())));
  const auto place = [&](std::size_t i) {
    return chain.rows.begin() + static_cast<std::ptrdiff_t>(i);
  };
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      chain.rows[at].body += "x";
      break;
    case 1:
      chain.rows[at].digest[other % 64] ^= 1;
      break;
    case 2:
      chain.rows[at].previous[other % 64] ^= 1;
      break;
    case 3:
      chain.rows.erase(place(at));
      break;
    case 4:
      chain.rows.erase(place(at));
      chain.renumber();
      break;
    case 5:
      std::swap(chain.rows[at], chain.rows[other]);
      chain.renumber();
      break;
    case 6:
      chain.rows.insert(place(at), chain.rows[other]);
      chain.renumber();
      break;
    default:
      chain.rows[at].body += "x";
      chain.relink(at);
  }
  RC_PRE(chain.rows != before);
  RC_ASSERT_FALSE(chain.report().problems.empty());
}

}  // namespace
}  // namespace lockstep::store
