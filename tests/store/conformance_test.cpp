// SPDX-License-Identifier: Apache-2.0
// What every store promises, held against each of them.
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/store.hpp"
#include "support.hpp"
#include "support/paths.hpp"

namespace lockstep::store {
namespace {

using test::evidence;
using test::some;

struct Memory {
  std::unique_ptr<Store> open() { return std::make_unique<MemoryStore>(); }
};

struct Sqlite {
  std::unique_ptr<Store> open() {
    auto store = open_sqlite(lockstep::test::fresh_folder("store") + "/.lockstep/store.db");
    EXPECT_TRUE(store.has_value()) << to_text(store.error());
    return std::move(*store);
  }
};

template <typename Kind>
class AnyStore : public testing::Test {
 protected:
  std::unique_ptr<Store> store_ = Kind().open();

  std::vector<EvidenceRow> rows() { return *store_->evidence(); }
};

using Kinds = testing::Types<Memory, Sqlite>;
TYPED_TEST_SUITE(AnyStore, Kinds);

const StoredRun first_run{"run-1", "2028-01-01", "2028-01-01T08:00:00Z", R"({"exit":0})"};
const StoredRun second_run{"run-2", "2028-01-02", "2028-01-02T08:00:00Z", R"({"exit":1})"};

TYPED_TEST(AnyStore, BeginsEmptyAndWhole) {
  EXPECT_TRUE(this->rows().empty());
  EXPECT_TRUE(this->store_->runs()->empty());
  EXPECT_EQ(*this->store_->head(), empty_head());
  EXPECT_TRUE(this->store_->verify()->problems.empty());
  EXPECT_EQ(*this->store_->load("run-1"), std::nullopt);
}

TYPED_TEST(AnyStore, GivesBackWhatItWasGiven) {
  Evidence full = evidence("x");
  full.data_state = "d";
  full.seed = "18446744073709551615";
  full.shows = {"cra.sbom", "aia.testing"};
  full.expires = "2029-01-01";
  full.note = "a \"quoted\" note\nwith \xC3\xBC and \xE2\x82\xAC";
  ASSERT_TRUE(this->store_->append(std::vector{full}).has_value());
  const Evidence got = this->rows().at(0).evidence;
  EXPECT_EQ(got.id, full.id);
  EXPECT_EQ(got.kind, full.kind);
  EXPECT_EQ(got.subject, full.subject);
  EXPECT_EQ(got.sha256, full.sha256);
  EXPECT_EQ(got.made_by, full.made_by);
  EXPECT_EQ(got.made_at, full.made_at);
  EXPECT_EQ(got.data_state, full.data_state);
  EXPECT_EQ(got.seed, full.seed);
  EXPECT_EQ(got.shows, full.shows);
  EXPECT_EQ(got.expires, full.expires);
  EXPECT_EQ(got.note, full.note);
}

TYPED_TEST(AnyStore, ChainsRowToRow) {
  ASSERT_TRUE(this->store_->append(some(3)).has_value());
  ASSERT_TRUE(this->store_->append(some(1, "f")).has_value());
  const std::vector<EvidenceRow> rows = this->rows();
  ASSERT_EQ(rows.size(), 4U);
  std::string previous(64, '0');
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].number, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(rows[i].previous, previous);
    previous = rows[i].digest;
  }
  EXPECT_EQ(*this->store_->head(), (ChainHead{4, previous}));
  const ChainReport report = *this->store_->verify();
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.head, (ChainHead{4, previous}));
}

TYPED_TEST(AnyStore, TheDigestIsSha256OfTheFormerAndTheCanonicalText) {
  ASSERT_TRUE(this->store_->append(some(1)).has_value());
  const std::string body = R"({"data_state":"","expires":"","id":"e1","kind":"sbom",)"
                           R"("made_at":"2028-01-01T00:00:00Z","made_by":"lockstep 0.1.0",)"
                           R"("note":"","seed":"","sha256":")" +
                           std::string(64, 'a') +
                           R"(","shows":["cra.sbom"],"subject":"sbom/application.cdx.json"})";
  EXPECT_EQ(this->rows().at(0).digest, sha256(std::string(64, '0') + "\n" + body));
}

TYPED_TEST(AnyStore, KeepsARunWithItsEvidenceAndItsDigest) {
  EXPECT_EQ(*this->store_->save(first_run, some(2)), Saved::now);
  EXPECT_EQ(*this->store_->load("run-1"), first_run);
  const std::vector<EvidenceRow> rows = this->rows();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].evidence.id, "run:run-1");
  EXPECT_EQ(rows[2].evidence.kind, "dossier");
  EXPECT_EQ(rows[2].evidence.sha256, sha256(first_run.dossier));
  EXPECT_TRUE(this->store_->verify()->problems.empty());
}

TYPED_TEST(AnyStore, TheSameRunIsKeptOnce) {
  EXPECT_EQ(*this->store_->save(first_run, some(2)), Saved::now);
  const ChainHead before = *this->store_->head();
  EXPECT_EQ(*this->store_->save(first_run, some(2)), Saved::before);
  EXPECT_EQ(*this->store_->head(), before);
}

TYPED_TEST(AnyStore, ListsRunsInTheirOrder) {
  ASSERT_TRUE(this->store_->save(second_run, {}).has_value());
  ASSERT_TRUE(this->store_->save(first_run, {}).has_value());
  EXPECT_EQ(*this->store_->runs(),
            (std::vector<RunSummary>{{"run-2", "2028-01-02", "2028-01-02T08:00:00Z"},
                                     {"run-1", "2028-01-01", "2028-01-01T08:00:00Z"}}));
}

TYPED_TEST(AnyStore, AppendingNothingChangesNothing) {
  ASSERT_TRUE(this->store_->append({}).has_value());
  EXPECT_EQ(*this->store_->head(), empty_head());
}

const StoredMeasurement first_measurement{"key-1", "reader.linf", "lockstep 0.1.0",
                                          "2028-01-01T08:00:00Z", R"({"robust":412})"};

TYPED_TEST(AnyStore, GivesBackTheNewestMeasurementOfAKey) {
  StoredMeasurement later = first_measurement;
  later.made_at = "2028-01-02T08:00:00Z";
  later.body = R"({"robust":413})";
  EXPECT_EQ(*this->store_->measurement("key-1"), std::nullopt);
  ASSERT_TRUE(this->store_->keep(first_measurement).has_value());
  EXPECT_EQ(*this->store_->measurement("key-1"), first_measurement);
  ASSERT_TRUE(this->store_->append(some(2)).has_value());
  ASSERT_TRUE(this->store_->keep(later).has_value());
  EXPECT_EQ(*this->store_->measurement("key-1"), later);
  EXPECT_EQ(*this->store_->measurement("key-2"), std::nullopt);
  EXPECT_EQ(this->rows().at(0).evidence.sha256, sha256(first_measurement.body));
  EXPECT_EQ(this->rows().at(0).evidence.kind, "measurement");
  EXPECT_TRUE(this->store_->verify()->problems.empty());
}

TEST(OpenStore, ReadsTheUrl) {
  EXPECT_TRUE(open_store("memory:").has_value());
  const std::string path = lockstep::test::fresh_folder("url") + "/a/b/store.db";
  EXPECT_TRUE(open_store("sqlite:" + path).has_value());
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(OpenStore, SaysWhatItCannotOpen) {
  const auto says = [](const std::string& url) { return to_text(open_store(url).error()); };
  EXPECT_EQ(says("postgresql://db/lockstep"),
            "error[store.unavailable]: PostgreSQL is not available in this version; use --store "
            "sqlite:PATH");
  for (const char* url : {"redis:x", "sqlite:", "sqlite", "memory:x", "", ":"})
    EXPECT_EQ(says(url), std::string("error[store.scheme]: expected a store such as sqlite:PATH, "
                                     "found '") +
                             url + "'");
  EXPECT_EQ(open_store("redis:x").error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace lockstep::store
