// SPDX-License-Identifier: Apache-2.0
// What reaches whom, once, whatever fails on the way.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/watch/outbox.hpp"
#include "base/diagnostics.hpp"
#include "support/paths.hpp"
#include "support/receivers.hpp"

namespace lockstep::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Answers as it is told, without a network and without waiting.
class FakeSender final : public Sender {
 public:
  Result<int> post(const HttpPost& post) override {
    keys.push_back(post.headers.at(0).substr(17));
    authorization = post.headers.size() > 1 ? post.headers[1] : "";
    if (statuses.empty()) return 200;
    const int status = statuses.front();
    if (statuses.size() > 1) statuses.erase(statuses.begin());
    if (status != 0) return status;
    return fail(ErrorKind::input, "send.failed", "no answer");
  }

  Result<> mail(const Mail& mail) override {
    mails.push_back(mail);
    if (mail_code.empty()) return {};
    return fail(ErrorKind::input, mail_code, "the server says no");
  }

  void wait(std::chrono::milliseconds time) override { waited += time; }

  std::vector<int> statuses;
  std::string mail_code;
  std::vector<std::string> keys;
  std::string authorization;
  std::vector<Mail> mails;
  std::chrono::milliseconds waited{0};
};

class Outbox : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *store::WatchStore::open("memory:");
    for (const char* key : {"a", "b", "c"})
      notice(key, key[0] == 'c' ? "winch" : "crane");
  }

  void notice(const std::string& key, const std::string& product) {
    const std::string body =
        R"({"entries":[],"flaw":"CVE-)" + key + R"(","product":")" + product + R"("})";
    ASSERT_TRUE(*store_->add_notice(key + std::string(20, '0'), body));
  }

  app::TargetReport send(const std::string& target, bool is_offline = false) {
    app::Outgoing by{files_,
                     sender_,
                     is_offline,
                     "token",
                     "smtps://mail.example.org",
                     "watch@example.org",
                     "",
                     "",
                     *parse_instant("2028-09-01T08:00:00Z")};
    const auto reports = app::deliver(*store_, {target}, by);
    EXPECT_TRUE(reports.has_value()) << (reports ? "" : to_text(reports.error()));
    return reports ? reports->at(0) : app::TargetReport{};
  }

  std::string error(const std::string& target, const std::string& server = "") {
    app::Outgoing by{files_, sender_, false, "", server, "watch@example.org", "", "", Instant{}};
    const auto checked = app::check_targets({target}, by);
    return checked ? "" : checked.error().code;
  }

  RealFiles files_;
  FakeSender sender_;
  std::unique_ptr<store::WatchStore> store_;
  const std::string hook_ = "https://hooks.example.org/x";
};

TEST_F(Outbox, AHookGetsEachNoticeOnceInOrder) {
  EXPECT_EQ(send(hook_).delivered, 3);
  EXPECT_EQ(send(hook_).delivered, 0);
  notice("d", "crane");
  EXPECT_EQ(send(hook_).delivered, 1);
  EXPECT_THAT(sender_.keys, ElementsAre("a" + std::string(20, '0'), "b" + std::string(20, '0'),
                                        "c" + std::string(20, '0'), "d" + std::string(20, '0')));
  EXPECT_EQ(sender_.authorization, "Authorization: Bearer token");
}

TEST_F(Outbox, ABusyHookIsAskedThreeTimesAndTheRestStays) {
  sender_.statuses = {200, 503};
  const auto report = send(hook_);
  EXPECT_EQ(report.delivered, 1);
  EXPECT_EQ(report.waiting, 2);
  EXPECT_THAT(report.problem, HasSubstr("answered 503"));
  EXPECT_THAT(sender_.keys, SizeIs(4));
  EXPECT_EQ(sender_.waited, std::chrono::seconds(5));
  EXPECT_EQ((*store_->delivery(2, hook_))->attempts, 1);
  EXPECT_FALSE(*store_->delivery(3, hook_));
  sender_.statuses = {0, 429, 200};
  EXPECT_EQ(send(hook_).delivered, 2);
  EXPECT_EQ(send(hook_).waiting, 0);
}

TEST_F(Outbox, ARefusedNoticeHoldsUpNoOther) {
  sender_.statuses = {413, 200};
  const auto report = send(hook_);
  EXPECT_EQ(report.delivered, 2);
  EXPECT_EQ(report.waiting, 1);
  EXPECT_EQ((*store_->delivery(1, hook_))->problem, "'https://hooks.example.org/x' answered 413");
}

TEST_F(Outbox, AHookThatRefusesThreeIsLeftAlone) {
  for (const char* key : {"d", "e", "f"})
    notice(key, "crane");
  sender_.statuses = {401};
  EXPECT_EQ(send(hook_).waiting, 6);
  EXPECT_THAT(sender_.keys, SizeIs(3));
}

TEST_F(Outbox, AMailHasAllNoticesOfAProduct) {
  EXPECT_EQ(send("mailto:security@example.org").delivered, 3);
  ASSERT_THAT(sender_.mails, SizeIs(2));
  EXPECT_EQ(sender_.mails[0].subject, "crane: 2 notices of the watch");
  EXPECT_THAT(sender_.mails[0].text, HasSubstr("crane: CVE-a"));
  EXPECT_THAT(sender_.mails[0].text, HasSubstr("crane: CVE-b"));
  EXPECT_EQ(sender_.mails[1].subject, "winch: 1 notice of the watch");
  EXPECT_EQ(send("mailto:security@example.org").delivered, 0);
  EXPECT_THAT(sender_.mails, SizeIs(2));
}

TEST_F(Outbox, MailThatFailsStays) {
  sender_.mail_code = "send.failed";
  EXPECT_EQ(send("mailto:security@example.org").waiting, 3);
  EXPECT_THAT(sender_.mails, SizeIs(3));  // three tries of the first
  sender_.mail_code = "send.refused";
  EXPECT_EQ(send("mailto:security@example.org").waiting, 3);
  EXPECT_THAT(sender_.mails, SizeIs(5));  // one for each product
  sender_.mail_code.clear();
  EXPECT_EQ(send("mailto:security@example.org").delivered, 3);
}

TEST_F(Outbox, AFolderGetsFilesAndAFullOneKeepsTheRestWaiting) {
  const std::string folder = fresh_folder("outbox");
  EXPECT_EQ(send("folder:" + folder).delivered, 3);
  EXPECT_TRUE(std::filesystem::exists(folder + "/000001-a000000000000000.json"));
  const auto report = send("folder:/proc/nowhere");
  EXPECT_EQ(report.waiting, 0);  // all were told to the other folder before it was named
  notice("d", "crane");
  EXPECT_EQ(send("folder:/proc/nowhere").waiting, 1);
  EXPECT_NE(send("folder:/proc/nowhere").problem, "");
}

TEST_F(Outbox, OfflineNothingLeavesAndIsSaid) {
  const auto report = send(hook_, true);
  EXPECT_EQ(report.waiting, 3);
  EXPECT_THAT(report.problem, HasSubstr("--offline"));
  EXPECT_THAT(sender_.keys, SizeIs(0));
  EXPECT_EQ(send("folder:" + fresh_folder("outbox"), true).delivered, 3);
}

TEST_F(Outbox, TargetsAreCheckedBeforeAnythingIsSent) {
  EXPECT_EQ(error("pigeon:home"), "watch.target");
  EXPECT_EQ(error("folder:"), "watch.target");
  EXPECT_EQ(error("http://example.org/"), "send.address");
  EXPECT_EQ(error("https://me:secret@example.org/"), "send.address");
  EXPECT_EQ(error("mailto:nobody", "smtps://h"), "send.address");
  EXPECT_EQ(error("mailto:a@example.org"), "watch.target");
  EXPECT_EQ(error("mailto:a@example.org", "smtps://h"), "");
}

TEST_F(Outbox, GoesOverARealConnection) {
  const HookReceiver hook({500, 200});
  const auto sender = make_sender();
  app::Outgoing by{files_, *sender, false, "", "", "", "", "", Instant{}};
  // The pauses between tries are those of the real sender; one failed try is one second.
  const auto reports = app::deliver(*store_, {hook.url()}, by);
  ASSERT_TRUE(reports.has_value()) << to_text(reports.error());
  EXPECT_EQ(reports->at(0).delivered, 3);
  ASSERT_THAT(hook.posted(), SizeIs(4));
  EXPECT_EQ(hook.posted()[0].key, hook.posted()[1].key);
}

}  // namespace
}  // namespace lockstep::test
