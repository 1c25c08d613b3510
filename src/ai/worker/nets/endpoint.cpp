// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/endpoint.hpp"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <optional>

#include "ai/worker/nets/endpoint_texts.hpp"
#include "base/fetcher.hpp"
#include "base/retry_after.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep::ai {
namespace {

constexpr std::int64_t first_pause_ms = 500;  ///< doubled from try to try
constexpr std::int64_t longest_pause_ms = 60'000;
constexpr std::int64_t rows_max = 65'536;
constexpr int parallel_max = 64;
constexpr int tries_max = 20;
constexpr int timeout_max = 3600;

Result<> check_options(const EndpointOptions& options) {
  const auto within = [](std::int64_t value, std::int64_t most, const char* what) -> Result<> {
    if (value >= 1 && value <= most) return {};
    return fail(ErrorKind::usage, "ai.endpoint_plan",
                fmt::format("expected 1 to {} {}, found {}", most, what, value));
  };
  TRY_VOID(within(options.rows, rows_max, "samples in a request"));
  TRY_VOID(within(options.parallel, parallel_max, "requests at a time"));
  TRY_VOID(within(options.tries, tries_max, "tries"));
  TRY_VOID(within(options.timeout_seconds, timeout_max, "seconds for a request"));
  if (options.questions >= 0) return {};
  return fail(ErrorKind::usage, "ai.endpoint_plan",
              fmt::format("expected a number of questions from 1 on, found {}", options.questions));
}

/// What may go away by itself. A service that fails inside (500) would do so again.
bool is_busy(int status) {
  constexpr std::array busy = {408, 425, 429, 502, 503, 504};
  return std::ranges::find(busy, status) != busy.end();
}

}  // namespace

Result<std::shared_ptr<Endpoint>> Endpoint::open(std::string url,
                                                 const EndpointOptions& options,
                                                 const std::string& token,
                                                 std::unique_ptr<HttpCaller> caller) {
  std::shared_ptr<Endpoint> endpoint(new Endpoint());
  endpoint->shown_ = without_query(url);
  if (!may_fetch(url))
    return fail(ErrorKind::usage, "fetch.address",
                fmt::format("expected an https address without a user name (http to this very "
                            "machine only), found '{}'",
                            quotable(endpoint->shown_, 200)));
  TRY_VOID(check_options(options));
  TRY(endpoint->form_, endpoint_form(options.form, url));
  if (token.find_first_of("\r\n") != std::string::npos)
    return fail(ErrorKind::usage, "ai.endpoint_plan", "expected a token of one line");
  endpoint->url_ = std::move(url);
  endpoint->options_ = options;
  endpoint->token_ = token;
  if (!token.empty()) endpoint->headers_ = {"Authorization: Bearer " + token};
  endpoint->caller_ = std::move(caller);
  if (endpoint->form_->name == "kserve") TRY_VOID(endpoint->describe());
  return endpoint;
}

Result<> Endpoint::describe() {
  TRY(const auto replies,
      replies_to({HttpCall{kserve_description_url(url_), headers_, std::nullopt}}));
  TRY(model_, read_kserve_description(replies.front().body, shown_));
  if (model_.batch == 1) options_.rows = 1;
  if (model_.batch <= 1) return {};
  return fail(ErrorKind::input, "ai.endpoint_answer",
              fmt::format("expected a model that takes any number of samples, or one at a time, "
                          "found one that insists on {}",
                          model_.batch),
              {shown_, 0, 0});
}

/// Whether a reply is an answer; for one that is worth another try, how long to wait before it.
Result<> Endpoint::judge(const Result<HttpReply>& reply, int tried, std::int64_t& wait_ms) const {
  const bool may_try = tried < options_.tries;
  if (!reply) {
    const bool is_passing = reply.error().code == "fetch.broken" ||
                            (reply.error().code == "fetch.unreachable" && tried < 2);
    if (may_try && is_passing) {
      wait_ms = std::max(wait_ms, first_pause_ms << std::min(tried - 1, 6));
      return {};
    }
    return tl::unexpected<Error>(reply.error());
  }
  if (reply->status == 200) return {};
  const auto refused = [&](std::string why) {
    return fail(
        ErrorKind::input, "ai.endpoint",
        fmt::format("the service answered with status {}, expected 200{}", reply->status, why),
        {shown_, 0, 0});
  };
  if (is_busy(reply->status) && may_try) {
    std::int64_t pause = first_pause_ms << std::min(tried - 1, 6);
    if (const auto asked =
            retry_after(reply->retry_after, http_date(reply->date).value_or(Instant{})))
      pause = std::max<std::int64_t>(std::chrono::milliseconds(*asked).count(), 1);
    if (pause > longest_pause_ms)
      return refused(fmt::format(", and asks to come back in {} seconds", pause / 1000));
    wait_ms = std::max(wait_ms, pause);
    return {};
  }
  if (is_busy(reply->status)) return refused(fmt::format(" after {} tries", tried));
  if (reply->status == 401 || reply->status == 403)
    return refused(token_.empty() ? "; it wants a token: name the variable that holds it"
                                  : "; it does not take the token");
  if (!reply->location.empty())
    return refused(
        fmt::format("; it leads on to '{}': redirects are not followed, give that "
                    "address if it is meant",
                    quotable(without_query(reply->location), 200)));
  const bool is_secret = !token_.empty() && reply->body.find(token_) != std::string::npos;
  return refused(
      is_secret || reply->body.empty() ? "" : fmt::format(": '{}'", quotable(reply->body, 200)));
}

/// The answers to all calls, in their order.
Result<std::vector<HttpReply>> Endpoint::replies_to(std::vector<HttpCall> calls) {
  std::vector<HttpReply> answers(calls.size());
  std::vector<std::size_t> places(calls.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = i;
  for (int tried = 1; !calls.empty(); ++tried) {
    std::vector<Result<HttpReply>> replies = caller_->call(calls);
    std::vector<HttpCall> again;
    std::vector<std::size_t> again_places;
    std::int64_t wait_ms = 0;
    for (std::size_t i = 0; i < replies.size(); ++i) {
      TRY_VOID(judge(replies[i], tried, wait_ms));
      if (replies[i] && replies[i]->status == 200) {
        answers[places[i]] = *std::move(replies[i]);
      } else {
        again.push_back(std::move(calls[i]));
        again_places.push_back(places[i]);
      }
    }
    calls = std::move(again);
    places = std::move(again_places);
    if (!calls.empty()) caller_->wait(std::chrono::milliseconds(wait_ms));
  }
  return answers;
}

/// Takes note of questions before they are asked.
Result<> Endpoint::count_in(std::int64_t samples) {
  if (options_.questions > 0 && questions_ + samples > options_.questions)
    return fail(ErrorKind::input, "ai.endpoint_questions",
                fmt::format("the test may ask {} times, and needs more; allow more questions, or "
                            "fewer samples or steps",
                            options_.questions),
                {shown_, 0, 0});
  questions_ += samples;
  return {};
}

Result<std::vector<std::string>> Endpoint::answers_to(const std::vector<std::string>& bodies) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(count_in(std::ssize(bodies)));
  std::vector<HttpCall> calls;
  for (const std::string& body : bodies)
    calls.push_back({url_, headers_, body});
  TRY(std::vector<HttpReply> replies, replies_to(std::move(calls)));
  std::vector<std::string> answers;
  for (HttpReply& reply : replies)
    answers.push_back(std::move(reply.body));
  return answers;
}

/// The scores of samples that are asked about in requests of some rows each.
/// @param body makes the request about rows from the first one on
template <typename Body>
Result<at::Tensor> Endpoint::answered(std::int64_t count,
                                      std::int64_t rows_most,
                                      const Body& body) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(count_in(count));
  std::vector<HttpCall> calls;
  for (std::int64_t first = 0; first < count; first += rows_most)
    calls.push_back({url_, headers_, body(first, std::min(rows_most, count - first))});
  TRY(const std::vector<HttpReply> replies, replies_to(std::move(calls)));
  at::Tensor all;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const std::int64_t first = static_cast<std::int64_t>(i) * rows_most;
    TRY(const EndpointScores answer,
        form_->read(replies[i].body, std::min(rows_most, count - first), shown_));
    if (classes_ == 0) classes_ = answer.classes;
    if (answer.classes != classes_)
      return fail(ErrorKind::input, "ai.endpoint_answer",
                  fmt::format("expected {} scores for each sample, as before, found {}", classes_,
                              answer.classes),
                  {shown_, 0, 0});
    if (!all.defined()) all = at::empty({count, classes_}, at::kFloat);
    std::ranges::copy(answer.scores, all.data_ptr<float>() + first * classes_);
  }
  return all;
}

Result<at::Tensor> Endpoint::scores(const at::Tensor& given, std::int64_t rows_most) {
  const at::Tensor x = given.detach().to(at::kFloat).contiguous();
  const std::int64_t features = x.numel() / std::max<std::int64_t>(x.size(0), 1);
  return answered(x.size(0), rows_most, [&](std::int64_t first, std::int64_t rows) {
    return form_->write(
        {{x.data_ptr<float>() + first * features, static_cast<std::size_t>(rows * features)},
         rows,
         {x.sizes().data() + 1, x.sizes().size() - 1},
         model_.input,
         model_.datatype});
  });
}

Result<at::Tensor> Endpoint::scores(std::span<const TextSample> texts) {
  return answered(std::ssize(texts), options_.rows, [&](std::int64_t first, std::int64_t rows) {
    return write_kserve_texts(
        model_, texts.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(rows)));
  });
}

}  // namespace lockstep::ai
