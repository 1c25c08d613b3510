// SPDX-License-Identifier: Apache-2.0
#include "base/http_caller.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <thread>

#include "base/curl_library.hpp"
#include "base/fetcher.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep {
namespace {

/// One connection, and the call that is on it.
struct Line {
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
  const HttpCall* call = nullptr;  ///< null while the line is free
  std::size_t place = 0;           ///< of the call among all
  HttpReply reply = {};
  std::size_t bytes_max = 0;
  bool is_too_large = false;
  std::array<char, CURL_ERROR_SIZE> reason{};
};

std::size_t on_header(char* data, std::size_t size, std::size_t number, void* given) {
  auto& line = *static_cast<Line*>(given);
  const std::string_view text = trim({data, size * number});
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return size * number;
  const std::string name = lower_case(text.substr(0, colon));
  if (name == "retry-after") line.reply.retry_after = trim(text.substr(colon + 1));
  if (name == "date") line.reply.date = trim(text.substr(colon + 1));
  return size * number;
}

std::size_t on_body(char* data, std::size_t size, std::size_t number, void* given) {
  auto& line = *static_cast<Line*>(given);
  const std::size_t bytes = size * number;
  line.is_too_large = bytes > line.bytes_max - line.reply.body.size();
  if (line.is_too_large) return CURL_WRITEFUNC_ERROR;
  line.reply.body.append(data, bytes);
  return bytes;
}

class CurlCaller final : public HttpCaller {
 public:
  explicit CurlCaller(const CallLimits& limits) : limits_(limits) {}

  ~CurlCaller() override {
    for (const Line& line : lines_)
      if (line.handle != nullptr) curl_->easy_cleanup(line.handle);
    if (multi_ != nullptr) curl_->multi_cleanup(multi_);
  }

  std::vector<Result<HttpReply>> call(std::span<const HttpCall> calls) override;

  void wait(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }

 private:
  Result<> prepare();
  void begin(Line& line, const HttpCall& call, std::size_t place);
  Result<HttpReply> end(Line& line, CURLcode code);
  void end_all(std::vector<Result<HttpReply>>& replies);

  CallLimits limits_;
  const CurlLibrary* curl_ = nullptr;
  CURLM* multi_ = nullptr;
  std::vector<Line> lines_;
};

Result<> CurlCaller::prepare() {
  TRY(curl_, curl_library());
  if (multi_ == nullptr) multi_ = curl_->multi_init();
  if (lines_.empty()) lines_.resize(std::max<std::size_t>(limits_.parallel, 1));
  for (Line& line : lines_)
    if (line.handle == nullptr) line.handle = curl_->easy_init();
  if (multi_ == nullptr || std::ranges::find(lines_, nullptr, &Line::handle) != lines_.end())
    return fail(ErrorKind::input, "fetch.library", "the library libcurl could not begin its work");
  return {};
}

void CurlCaller::begin(Line& line, const HttpCall& call, std::size_t place) {
  line.call = &call;
  line.place = place;
  line.reply = {};
  line.bytes_max = limits_.reply_bytes;
  line.is_too_large = false;
  curl_->easy_reset(line.handle);
  const auto set = [&](CURLoption option, auto value) {
    curl_->easy_setopt(line.handle, option, value);
  };
  if (call.body) {
    line.headers = curl_->slist_append(nullptr, "Content-Type: application/json");
    line.headers = curl_->slist_append(line.headers, "Expect:");  // no question before the body
  }
  for (const std::string& header : call.headers)
    line.headers = curl_->slist_append(line.headers, header.c_str());
  set_safe_options(*curl_, line.handle, call.url, limits_.connect, line.reason.data());
  set(CURLOPT_PROTOCOLS_STR, call.url.starts_with("https:") ? "https" : "http");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.whole.count()));
  set(CURLOPT_HTTPHEADER, line.headers);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &line);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &line);
  if (is_this_machine(host_of(call.url))) set(CURLOPT_PROXY, "");
  if (call.body) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
    set(CURLOPT_POSTFIELDS, call.body->c_str());
  }
  curl_->multi_add_handle(multi_, line.handle);
}

/// What came of the call on a line, which is free after that.
Result<HttpReply> CurlCaller::end(Line& line, CURLcode code) {
  long status = 0;
  char* location = nullptr;
  curl_->easy_getinfo(line.handle, CURLINFO_RESPONSE_CODE, &status);
  curl_->easy_getinfo(line.handle, CURLINFO_REDIRECT_URL, &location);
  line.reply.status = static_cast<int>(status);
  if (location != nullptr) line.reply.location = location;
  curl_->multi_remove_handle(multi_, line.handle);
  curl_->slist_free_all(line.headers);
  line.headers = nullptr;
  const std::string shown = quotable(without_query(line.call->url), 200);
  line.call = nullptr;
  if (line.is_too_large)
    return fail(
        ErrorKind::input, "fetch.too_large",
        fmt::format("expected at most {} bytes from '{}', found more", limits_.reply_bytes, shown));
  if (code == CURLE_OK) return std::move(line.reply);
  const std::string reason =
      line.reason[0] == '\0' ? curl_->easy_strerror(code) : std::string(line.reason.data());
  return fail(ErrorKind::input, fetch_code(code),
              fmt::format("'{}' gave no whole answer: {}", shown, quotable(reason, 200)));
}

/// Gives up what is still on a line.
void CurlCaller::end_all(std::vector<Result<HttpReply>>& replies) {
  for (Line& line : lines_)
    if (line.call != nullptr) {
      const std::size_t place = line.place;
      replies[place] = end(line, CURLE_FAILED_INIT);
    }
}

std::vector<Result<HttpReply>> CurlCaller::call(std::span<const HttpCall> calls) {
  const tl::unexpected<Error> unasked =
      fail(ErrorKind::input, "fetch.broken", "the library libcurl did not make the call");
  std::vector<Result<HttpReply>> replies(calls.size(), unasked);
  if (const auto ready = prepare(); !ready) {
    std::ranges::fill(replies, Result<HttpReply>(tl::unexpected<Error>(ready.error())));
    return replies;
  }
  std::size_t next = 0;
  while (true) {
    for (Line& line : lines_)
      while (line.call == nullptr && next < calls.size()) {
        const std::size_t place = next++;
        if (may_fetch(calls[place].url)) {
          begin(line, calls[place], place);
        } else {
          replies[place] =
              fail(ErrorKind::usage, "fetch.address",
                   fmt::format("expected an https address without a user name, found '{}'",
                               quotable(without_query(calls[place].url), 200)));
        }
      }
    if (std::ranges::all_of(lines_, [](const Line& line) { return line.call == nullptr; })) break;
    int running = 0;
    if (curl_->multi_perform(multi_, &running) != CURLM_OK) {
      end_all(replies);
      break;
    }
    int left = 0;
    bool has_ended = false;
    while (const CURLMsg* const message = curl_->multi_info_read(multi_, &left)) {
      const auto line = std::ranges::find(lines_, message->easy_handle, &Line::handle);
      const CURLcode code = message->data.result;
      const std::size_t place = line->place;
      replies[place] = end(*line, code);
      has_ended = true;
    }
    if (!has_ended) curl_->multi_poll(multi_, nullptr, 0, 100, nullptr);
  }
  return replies;
}

}  // namespace

std::unique_ptr<HttpCaller> make_http_caller(const CallLimits& limits) {
  return std::make_unique<CurlCaller>(limits);
}

}  // namespace lockstep
