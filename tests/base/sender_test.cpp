// SPDX-License-Identifier: Apache-2.0
// Messages that leave, to receivers on this machine that are honest or not.
#include "base/sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/diagnostics.hpp"
#include "base/fetcher.hpp"
#include "base/signature.hpp"
#include "base/text.hpp"
#include "support/receivers.hpp"

namespace lockstep {
namespace {

using test::HookReceiver;
using test::MailReceiver;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string code_of(const Result<int>& sent) {
  return sent ? std::to_string(*sent) : sent.error().code;
}

std::string code_of(const Result<>& sent) {
  return sent ? "sent" : sent.error().code;
}

Mail mail(const std::string& server) {
  Mail made;
  made.server = server;
  made.from = "watch@example.org";
  made.to = {"security@example.org", "b@example.org"};
  made.id = "0123";
  made.at = *parse_instant("2028-09-01T08:05:09Z");
  made.subject = "crane: Größe";
  made.text = "first\n.\nfrom here on\n" + std::string(200, 'x');
  return made;
}

TEST(Sender, PostsABodyWithItsHeaders) {
  const HookReceiver hook({204});
  const auto sender = make_sender();
  EXPECT_EQ(code_of(sender->post(
                {hook.url(), {"Idempotency-Key: k1", "Authorization: Bearer t"}, R"({"a":1})"})),
            "204");
  ASSERT_EQ(hook.posted().size(), 1U);
  EXPECT_EQ(hook.posted()[0].target, "/hook");
  EXPECT_EQ(hook.posted()[0].key, "k1");
  EXPECT_EQ(hook.posted()[0].authorization, "Bearer t");
  EXPECT_EQ(hook.posted()[0].body, R"({"a":1})");
}

TEST(Sender, GivesBackTheStatusAndFollowsNoRedirect) {
  const HookReceiver hook({500, 429, 302, 0, 200});
  const auto sender = make_sender();
  const auto post = [&] { return code_of(sender->post({hook.url(), {}, "{}"})); };
  EXPECT_EQ(post(), "500");
  EXPECT_EQ(post(), "429");
  EXPECT_EQ(post(), "302");
  EXPECT_EQ(post(), "send.failed");
  EXPECT_EQ(post(), "200");
  EXPECT_EQ(hook.posted().size(), 4U);
}

TEST(Sender, AReceiverThatIsNotThereIsTriedAgainLater) {
  std::string url;
  {
    const HookReceiver gone({200});
    url = gone.url();
  }
  EXPECT_EQ(code_of(make_sender()->post({url, {}, "{}"})), "send.failed");
}

TEST(Sender, AsksNoAddressThatIsNotSafe) {
  for (const char* url :
       {"http://example.org/x", "ftp://127.0.0.1/", "https://user:pw@example.org/", "https://",
        "https://a b/", "file:///etc/passwd", "https://example.org/\r\nX: y", ""}) {
    EXPECT_FALSE(may_fetch(url)) << url;
    EXPECT_EQ(code_of(make_sender()->post({url, {}, "{}"})), "send.address") << url;
  }
  for (const char* url : {"https://example.org/x?y=1", "http://localhost:8080/", "http://[::1]/x"})
    EXPECT_TRUE(may_fetch(url)) << url;
}

TEST(Sender, MailsToAllReceivers) {
  const MailReceiver server;
  EXPECT_EQ(code_of(make_sender()->mail(mail(server.url()))), "sent");
  ASSERT_EQ(server.received().size(), 1U);
  const auto got = server.received()[0];
  EXPECT_EQ(got.from, "<watch@example.org>");
  EXPECT_THAT(got.to, ElementsAre("<security@example.org>", "<b@example.org>"));
  EXPECT_THAT(got.message, HasSubstr("Date: Fri, 01 Sep 2028 08:05:09 +0000\n"));
  EXPECT_THAT(got.message, HasSubstr("Message-ID: <0123@example.org>\n"));
  EXPECT_THAT(got.message, HasSubstr("Subject: =?UTF-8?B?" + to_base64("crane: Größe") + "?=\n"));
  const std::string body = got.message.substr(got.message.find("\n\n") + 2);
  std::string joined;
  for (const std::string_view line : split(body, '\n')) {
    EXPECT_LE(line.size(), 76U);
    joined += line;
  }
  EXPECT_EQ(*from_base64(joined), mail("").text);
}

/// RFC 2047, section 2.
TEST(Sender, KeepsLinesWithEncodedWordsShort) {
  Mail one = mail("");
  one.subject = "Greifarm für Behälter der Größe 20 und 40: 17 notices of the watch, and more";
  const std::string message = mail_message(one);
  for (const std::string_view line : split(message.substr(0, message.find("\r\n\r\n")), '\n'))
    EXPECT_LE(trim(line).size(), 76U) << line;
}

TEST(Sender, TellsWhatIsWorthAnotherTryFromARefusal) {
  const auto send = [](const MailReceiver& server) {
    return code_of(make_sender()->mail(mail(server.url())));
  };
  EXPECT_EQ(send(MailReceiver("451 later")), "send.failed");
  EXPECT_EQ(send(MailReceiver("550 no such box")), "send.refused");
  EXPECT_EQ(send(MailReceiver("250 ok", "452 full")), "send.failed");
  EXPECT_EQ(send(MailReceiver("250 ok", "554 spam")), "send.refused");
  EXPECT_EQ(send(MailReceiver("250 ok", "")), "send.failed");
  EXPECT_EQ(send(MailReceiver("")), "send.failed");
}

TEST(Sender, SaysNoPasswordWithoutEncryption) {
  const MailReceiver server;
  Mail secret = mail(server.url("127.0.0.2"));  // not "this very machine" to the sender
  secret.user = "watch";
  secret.password = "hidden";
  EXPECT_EQ(code_of(make_sender()->mail(secret)), "send.refused");
  EXPECT_THAT(server.heard(), Not(HasSubstr("AUTH PLAIN")));
  EXPECT_TRUE(server.received().empty());
}

TEST(Sender, WritesNoForeignLineIntoAHeader) {
  EXPECT_TRUE(is_mail_address("first.last+tag@example.org"));
  for (const char* text :
       {"", "a", "@b", "a@", "a@b@c", "a@b\r\nBcc: x@y", "a b@c", "<a@b>", "a@b>,<c@d"})
    EXPECT_FALSE(is_mail_address(text)) << text;
  Mail made = mail("");
  made.subject = "one\r\nBcc: x@example.org";
  const std::string message = mail_message(made);
  EXPECT_THAT(message, Not(HasSubstr("\r\nBcc")));
  made.subject = std::string(500, '\xC3');
  EXPECT_FALSE(mail_message(made).empty());
}

}  // namespace
}  // namespace lockstep
