// SPDX-License-Identifier: Apache-2.0
#include "app/download.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "base/diagnostics.hpp"
#include "base/retry_after.hpp"
#include "support/full_disk.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"
#include "support/patient_fetcher.hpp"

namespace lockstep::test {
namespace {

using app::Download;
using std::chrono::milliseconds;

/// Says stop from the start.
class Stopped final : public Progress {
 public:
  bool is_cancelled() const override { return true; }
};

class Downloads : public testing::Test {
 protected:
  void SetUp() override { folder_ = fresh_folder("downloads"); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<Download> fetch(const std::string& url,
                         const app::Edition& known = {},
                         std::uint64_t limit = 1'000'000) {
    return downloader().fetch({url, "test", limit, known});
  }

  Result<Download> fetch_file(const std::string& url, std::uint64_t limit = 1'000'000) {
    return downloader().fetch_file({url, "test", limit, {}});
  }

  std::string code_of(const Result<Download>& download) {
    return download ? "none" : download.error().code;
  }

  app::Downloader downloader() {
    return {fetcher_, files_, progress_, *parse_instant("2026-11-27T10:00:00Z"), folder_};
  }

  std::string folder_;
  HttpServer server_;
  PatientFetcher fetcher_;
  RealFiles files_;
  Progress progress_;
};

const std::string text = std::string(100'000, 'a') + std::string(100'000, 'b');

TEST_F(Downloads, FetchesOnceAndThenNotAgain) {
  server_.put("/a", text);
  const auto first = fetch(server_.url("/a"));
  ASSERT_TRUE(first.has_value()) << to_text(first.error());
  EXPECT_EQ(first->bytes, text);
  EXPECT_EQ(first->size, text.size());
  const auto second = fetch(server_.url("/a"), first->edition);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->state, Download::State::unchanged);
  server_.put("/a", "other");
  const auto third = fetch(server_.url("/a"), first->edition);
  EXPECT_EQ(third->bytes, "other");
  EXPECT_EQ(fetch(server_.url("/none"))->state, Download::State::missing);
  EXPECT_TRUE(fetcher_.waits.empty());
}

TEST_F(Downloads, KnowsAnEditionByItsDayWhenItHasNoTag) {
  server_.on("/a", [](const Asked& asked) -> Answer {
    const std::string day = "Fri, 27 Nov 2026 09:00:00 GMT";
    if (asked.header("if-modified-since") == day) return {304, ""};
    return {200, "text", {{"Last-Modified", day}}};
  });
  const auto first = fetch(server_.url("/a"));
  EXPECT_EQ(fetch(server_.url("/a"), first->edition)->state, Download::State::unchanged);
}

TEST_F(Downloads, GoesOnWhereItBrokeOff) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked& asked) {
    Answer answer = HttpServer::honest(text, asked);
    if (++asked_times <= 3) answer.dies_after = 40'000;
    return answer;
  });
  const auto download = fetch_file(server_.url("/a"));
  ASSERT_TRUE(download.has_value()) << to_text(download.error());
  EXPECT_EQ(read_file(download->path), text);
  const auto asked = server_.asked();
  ASSERT_EQ(asked.size(), 4U);
  EXPECT_EQ(asked[1].header("range"), "bytes=40000-");
  EXPECT_EQ(asked[3].header("range"), "bytes=120000-");
  EXPECT_EQ(fetcher_.waits,
            (std::vector{milliseconds(1000), milliseconds(2000), milliseconds(4000)}));
}

TEST_F(Downloads, GoesOnInALaterRunAndOnlyWithTheSameEdition) {
  server_.on("/a", [&](const Asked& asked) {
    Answer answer = HttpServer::honest(text, asked);
    answer.dies_after = 10;
    return answer;
  });
  ASSERT_EQ(code_of(fetch_file(server_.url("/a"))), "fetch.broken");
  server_.put("/a", text);
  server_.take_targets();
  EXPECT_EQ(read_file(fetch_file(server_.url("/a"))->path), text);
  const auto asked = server_.asked();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].header("range"), "bytes=50-");
  // The whole file lies there: the server says 416, and that is enough.
  EXPECT_EQ(read_file(fetch_file(server_.url("/a"))->path), text);
  EXPECT_EQ(server_.asked().back().header("range"), "bytes=200000-");
  // Another edition answers with all of it.
  server_.put("/a", "other");
  EXPECT_EQ(read_file(fetch_file(server_.url("/a"))->path), "other");
  ASSERT_TRUE(downloader().forget(server_.url("/a")).has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Downloads, BeginsAgainWhereTheServerKnowsNoRanges) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked&) {
    Answer answer{200, text, {{"ETag", "\"1\""}}};
    if (++asked_times == 1) answer.dies_after = 10;
    return answer;
  });
  EXPECT_EQ(fetch(server_.url("/a"))->bytes, text);
  server_.on("/b", [&](const Asked& asked) {
    Answer answer{200, text};
    if (asked.header("range").empty() && ++asked_times == 3) answer.dies_after = 10;
    return answer;
  });
  EXPECT_EQ(fetch(server_.url("/b"))->bytes, text);
}

TEST_F(Downloads, TakesNoBytesFromAnotherPlaceThanItAskedFor) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked& asked) {
    Answer answer = HttpServer::honest(text, asked);
    if (++asked_times == 1) answer.dies_after = 10;
    if (answer.status == 206) answer.headers["Content-Range"] = "bytes 20-199999/200000";
    return answer;
  });
  EXPECT_EQ(fetch(server_.url("/a"))->bytes, text);
  EXPECT_EQ(asked_times, 3);
  server_.on("/b", [](const Asked&) { return Answer{206, "part", {}}; });
  EXPECT_EQ(code_of(fetch(server_.url("/b"))), "fetch.broken");
}

TEST_F(Downloads, TakesPartOfARangeForNoMoreThanThat) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked& asked) {
    Answer answer = HttpServer::honest(text, asked);
    if (++asked_times == 1) answer.dies_after = 10;
    if (asked_times == 2) {
      answer.body.resize(90'000);
      answer.headers["Content-Range"] = "bytes 10-90009/200000";
    }
    return answer;
  });
  EXPECT_EQ(fetch(server_.url("/a"))->bytes, text);
  EXPECT_EQ(server_.asked().back().header("range"), "bytes=90010-");
}

TEST_F(Downloads, PutsNoTwoEditionsTogether) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked& asked) -> Answer {
    // It passes over If-Range: the rest is of the new edition.
    const std::string tag = ++asked_times == 1 ? "\"1\"" : "\"2\"";
    if (asked.header("range").empty())
      return {200, asked_times == 1 ? "old text" : "new text", {{"ETag", tag}}, {}, 4};
    return {206, "text", {{"ETag", tag}, {"Content-Range", "bytes 4-7/8"}}};
  });
  EXPECT_EQ(fetch(server_.url("/a"))->bytes, "new text");
}

TEST_F(Downloads, NoticesAWrongLength) {
  server_.on("/longer", [](const Asked&) { return Answer{200, "text", {}, 10}; });
  EXPECT_EQ(code_of(fetch(server_.url("/longer"))), "fetch.broken");
  EXPECT_EQ(fetcher_.waits.size(), 4U);
}

TEST_F(Downloads, GivesUpOnASilentServer) {
  server_.on("/a", [](const Asked& asked) {
    Answer answer = HttpServer::honest(text, asked);
    answer.dies_after = asked.header("range").empty() ? 1000 : 0;
    answer.falls_silent = asked.header("range").empty();
    return answer;
  });
  const auto download = fetch(server_.url("/a"));
  ASSERT_EQ(code_of(download), "fetch.broken");
  EXPECT_EQ(server_.asked().at(1).header("range"), "bytes=1000-");
}

TEST_F(Downloads, WaitsAsLongAsTheServerAsks) {
  int asked_times = 0;
  server_.on("/a", [&](const Asked&) -> Answer {
    switch (++asked_times) {
      case 1:
        return {429, "", {{"Retry-After", "7"}}};
      case 2:
        return {503, "", {{"Retry-After", "Fri, 27 Nov 2026 10:00:30 GMT"}}};
      case 3:
        return {500, "<html>"};
      default:
        return {200, "text"};
    }
  });
  EXPECT_EQ(fetch(server_.url("/a"))->bytes, "text");
  EXPECT_EQ(fetcher_.waits,
            (std::vector{milliseconds(7000), milliseconds(30'000), milliseconds(4000)}));
  // A date is one of the server's clock, which need not be ours.
  asked_times = 0;
  server_.on("/c", [&](const Asked&) -> Answer {
    if (++asked_times > 1) return {200, "text"};
    return {503,
            "",
            {{"Date", "Sat, 28 Nov 2026 10:00:00 GMT"},
             {"Retry-After", "Sat, 28 Nov 2026 10:00:05 GMT"}}};
  });
  EXPECT_EQ(fetch(server_.url("/c"))->bytes, "text");
  EXPECT_EQ(fetcher_.waits.back(), milliseconds(5000));
  server_.on("/b", [&](const Asked&) { return Answer{429, "", {{"Retry-After", "3600"}}}; });
  const auto later = fetch(server_.url("/b"));
  ASSERT_EQ(code_of(later), "fetch.status");
  EXPECT_NE(later.error().message.find("3600 seconds"), std::string::npos) << later.error().message;
}

TEST_F(Downloads, GivesUpAfterFiveTriesAndAtOnceWhenRefused) {
  server_.on("/busy", [](const Asked&) { return Answer{500, ""}; });
  server_.on("/closed", [](const Asked&) { return Answer{403, "go away"}; });
  EXPECT_EQ(code_of(fetch(server_.url("/busy"))), "fetch.status");
  EXPECT_EQ(server_.take_targets().size(), 5U);
  EXPECT_EQ(code_of(fetch(server_.url("/closed"))), "fetch.status");
  EXPECT_EQ(server_.take_targets().size(), 1U);
}

TEST_F(Downloads, FollowsAFewRedirectsAndOnlyToWhereItMay) {
  const auto lead = [&](const std::string& from, const std::string& to) {
    server_.on(from, [to](const Asked&) { return Answer{302, "moved", {{"Location", to}}}; });
  };
  server_.put("/a", text);
  lead("/b", "/a");
  lead("/c", server_.url("/b"));
  const auto found = fetch(server_.url("/c"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->bytes, text);
  EXPECT_EQ(found->url, server_.url("/a"));
  lead("/loop", "/loop");
  EXPECT_EQ(code_of(fetch(server_.url("/loop"))), "fetch.redirect");
  lead("/plain", "http://example.com/a");
  EXPECT_EQ(code_of(fetch(server_.url("/plain"))), "fetch.redirect");
  lead("/file", "file:///etc/passwd");
  EXPECT_EQ(code_of(fetch(server_.url("/file"))), "fetch.redirect");
  server_.on("/nowhere", [](const Asked&) { return Answer{302, "moved"}; });
  EXPECT_EQ(code_of(fetch(server_.url("/nowhere"))), "fetch.redirect");
}

TEST_F(Downloads, TakesNoMoreThanItsLimit) {
  server_.put("/a", text);
  EXPECT_EQ(fetch(server_.url("/a"), {}, text.size())->bytes, text);
  EXPECT_EQ(code_of(fetch(server_.url("/a"), {}, text.size() - 1)), "fetch.too_large");
  // Also where the length is not announced: the body ends with the connection.
  server_.on("/b", [](const Asked&) {
    Answer answer{200, text, {{"Transfer-Encoding", "chunked"}}};
    answer.body = "30d40\r\n" + text + "\r\n0\r\n\r\n";
    return answer;
  });
  EXPECT_TRUE(fetch(server_.url("/b"), {}, text.size())->bytes == text);
  EXPECT_EQ(code_of(fetch(server_.url("/b"), {}, text.size() - 1)), "fetch.too_large");
  EXPECT_EQ(code_of(fetch_file(server_.url("/b"), text.size() - 1)), "fetch.too_large");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Downloads, SaysWhenNobodyAnswers) {
  std::string url;
  {
    HttpServer gone;
    url = gone.url("/a");
  }
  EXPECT_EQ(code_of(fetch(url)), "fetch.unreachable");
  EXPECT_EQ(fetcher_.waits.size(), 1U);
}

TEST_F(Downloads, StopsWhenThePersonWantsTo) {
  server_.put("/a", text);
  Stopped stopped;
  app::Downloader downloader(fetcher_, files_, stopped, Instant{}, folder_);
  const auto download = downloader.fetch({server_.url("/a"), "test", 1'000'000, {}});
  ASSERT_FALSE(download.has_value());
  EXPECT_EQ(download.error().kind, ErrorKind::interrupted);
}

TEST_F(Downloads, SaysWhenTheDiskIsFull) {
  server_.put("/a", text);
  for (int writes = 0; writes < 2; ++writes) {
    FullDisk full;
    full.writes_left = writes;
    app::Downloader downloader(fetcher_, full, progress_, Instant{}, folder_);
    const auto download = downloader.fetch_file({server_.url("/a"), "test", 1'000'000, {}});
    ASSERT_FALSE(download.has_value());
    EXPECT_EQ(download.error().code, "file.unwritable");
  }
}

TEST(Addresses, AreHttpsOrOfThisMachine) {
  for (const char* good :
       {"https://example.com/a?b=c", "https://[2001:db8::1]:8443/", "https://a",
        "http://127.0.0.1:80/x", "http://localhost/", "http://[::1]:8080/", "http://127.3.2.1"})
    EXPECT_TRUE(may_fetch(good)) << good;
  for (const char* bad :
       {"http://example.com/", "http://127.0.0.1.example.com/", "http://localhost.example.com",
        "http://127.0.0.1@example.com/", "https://user:pass@example.com/", "https://user@a/",
        "file:///etc/passwd", "ftp://127.0.0.1/", "https://", "https:///a", "https://a b/", "",
        "example.com", "https://a\\@b/", "http://127.0.0.1\\@example.com", "https://a/\n",
        "http://1270.0.0.1/", "http://127.0.0.x/"})
    EXPECT_FALSE(may_fetch(bad)) << bad;
  EXPECT_TRUE(may_follow("https://a/", "https://b/"));
  EXPECT_TRUE(may_follow("http://127.0.0.1/", "http://localhost/"));
  EXPECT_TRUE(may_follow("http://127.0.0.1/", "https://b/"));
  EXPECT_FALSE(may_follow("https://a/", "http://127.0.0.1/"));
  EXPECT_FALSE(may_follow("https://a/", "http://b/"));
}

TEST(RetryAfter, IsSecondsOrADate) {
  const Instant now = *parse_instant("2026-11-27T10:00:00Z");
  EXPECT_EQ(retry_after("120", now)->count(), 120);
  EXPECT_EQ(retry_after("Fri, 27 Nov 2026 10:02:00 GMT", now)->count(), 120);
  EXPECT_EQ(retry_after("Fri, 27 Nov 2026 09:00:00 GMT", now)->count(), 0);
  for (const char* bad :
       {"", "-1", "soon", "Fri, 27 Nox 2026 10:02:00 GMT", "1e9", "Fri, 27 ovD 2026 10:02:00 GMT"})
    EXPECT_FALSE(retry_after(bad, now).has_value()) << bad;
}

}  // namespace
}  // namespace lockstep::test
