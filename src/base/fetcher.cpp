// SPDX-License-Identifier: Apache-2.0
#include "base/fetcher.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <thread>

#include "base/curl_library.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// How often a wait looks whether the person wants to stop.
constexpr milliseconds look_up{50};

tl::unexpected<Error> stopped() {
  return fail(ErrorKind::interrupted, "data.cancelled",
              "the update was stopped; the data from before is unchanged");
}

/// One exchange on its way.
struct Exchange {
  const CurlLibrary& curl;
  CURL* handle = nullptr;
  FetchSink& sink;
  FetchHead head = {};
  bool has_begun = false;
  Clock::time_point heard = Clock::now();
  std::optional<Error> refused;  ///< by the sink

  bool begin();
  void take_header(std::string_view line);
  bool take_body(std::string_view bytes);
};

/// Headers are over: the sink hears of them before the first byte.
bool Exchange::begin() {
  if (has_begun) return true;
  has_begun = true;
  long status = 0;
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  head.status = static_cast<int>(status);
  if (auto taken = sink.begin(head); !taken) refused = std::move(taken.error());
  return !refused;
}

void Exchange::take_header(std::string_view line) {
  line = trim(line);
  // An interim answer (1xx) comes before the one that counts.
  if (line.starts_with("HTTP/")) head = {};
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower_case(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "etag") head.etag = value;
  if (name == "last-modified") head.last_modified = value;
  if (name == "date") head.date = value;
  if (name == "retry-after") head.retry_after = value;
  if (name == "content-range") head.content_range = value;
  std::uint64_t length = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), length);
  if (name == "content-length" && read.ec == std::errc() && !value.empty()) head.length = length;
}

bool Exchange::take_body(std::string_view bytes) {
  if (!begin()) return false;
  if (auto taken = sink.append(bytes); !taken) refused = std::move(taken.error());
  return !refused;
}

std::size_t on_header(char* data, std::size_t size, std::size_t number, void* exchange) {
  auto& here = *static_cast<Exchange*>(exchange);
  here.heard = Clock::now();
  here.take_header({data, size * number});
  return size * number;
}

std::size_t on_body(char* data, std::size_t size, std::size_t number, void* exchange) {
  auto& here = *static_cast<Exchange*>(exchange);
  here.heard = Clock::now();
  return here.take_body({data, size * number}) ? size * number : CURL_WRITEFUNC_ERROR;
}

/// Connections stay open between exchanges, so that many small documents cost one handshake.
class CurlFetcher final : public Fetcher {
 public:
  explicit CurlFetcher(const FetchPatience& patience) : patience_(patience) {}

  ~CurlFetcher() override {
    if (handle_ != nullptr) curl_->easy_cleanup(handle_);
    if (multi_ != nullptr) curl_->multi_cleanup(multi_);
  }

  Result<FetchHead> get(const FetchRequest& request,
                        FetchSink& sink,
                        const Progress& progress) override;
  Result<> wait(milliseconds time, const Progress& progress) override;

 private:
  Result<> prepare();
  void set_options(const FetchRequest& request, const curl_slist* headers, Exchange& exchange);
  Result<CURLcode> perform(const Exchange& exchange, const Progress& progress);

  FetchPatience patience_;
  const CurlLibrary* curl_ = nullptr;
  CURL* handle_ = nullptr;
  CURLM* multi_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> reason_{};
};

Result<> CurlFetcher::prepare() {
  TRY(curl_, curl_library());
  if (handle_ == nullptr) handle_ = curl_->easy_init();
  if (multi_ == nullptr) multi_ = curl_->multi_init();
  if (handle_ == nullptr || multi_ == nullptr)
    return fail(ErrorKind::input, "fetch.library", "the library libcurl could not begin its work");
  curl_->easy_reset(handle_);
  return {};
}

void CurlFetcher::set_options(const FetchRequest& request,
                              const curl_slist* headers,
                              Exchange& exchange) {
  const auto set = [&](CURLoption option, auto value) {
    curl_->easy_setopt(handle_, option, value);
  };
  set_safe_options(*curl_, handle_, request.url, patience_.connect, reason_.data());
  set(CURLOPT_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http");
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &exchange);
  if (is_this_machine(host_of(request.url))) set(CURLOPT_PROXY, "");
}

Result<CURLcode> CurlFetcher::perform(const Exchange& exchange, const Progress& progress) {
  int running = 1;
  while (running > 0) {
    if (progress.is_cancelled()) return stopped();
    if (curl_->multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (Clock::now() - exchange.heard > patience_.silence) return CURLE_OPERATION_TIMEDOUT;
    const auto pause = std::min<milliseconds>(look_up, patience_.silence);
    if (running > 0)
      curl_->multi_poll(multi_, nullptr, 0, static_cast<int>(pause.count()), nullptr);
  }
  int left = 0;
  const CURLMsg* const message = curl_->multi_info_read(multi_, &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

Result<FetchHead> CurlFetcher::get(const FetchRequest& request,
                                   FetchSink& sink,
                                   const Progress& progress) {
  if (!may_fetch(request.url))
    return fail(ErrorKind::usage, "fetch.address",
                fmt::format("expected an https address without a user name, found '{}'",
                            quotable(request.url, 200)));
  TRY_VOID(prepare());
  Exchange exchange{*curl_, handle_, sink, {}, false, Clock::now(), {}};
  curl_slist* headers = nullptr;
  for (const std::string& header : request.headers)
    headers = curl_->slist_append(headers, header.c_str());
  set_options(request, headers, exchange);
  curl_->multi_add_handle(multi_, handle_);
  const auto code = perform(exchange, progress);
  if (code && *code == CURLE_OK) exchange.begin();  // an answer without a body
  // libcurl makes a whole address of the redirect when the exchange is over.
  char* location = nullptr;
  curl_->easy_getinfo(handle_, CURLINFO_REDIRECT_URL, &location);
  if (location != nullptr) exchange.head.location = location;
  curl_->multi_remove_handle(multi_, handle_);
  curl_->slist_free_all(headers);
  if (!code) return tl::unexpected<Error>(code.error());
  if (exchange.refused) return tl::unexpected<Error>(*std::move(exchange.refused));
  if (*code != CURLE_OK) {
    const std::string reason =
        reason_[0] == '\0' ? curl_->easy_strerror(*code) : std::string(reason_.data());
    return fail(ErrorKind::input, fetch_code(*code),
                fmt::format("'{}' gave no whole answer: {}", quotable(request.url, 200),
                            quotable(reason, 200)));
  }
  return std::move(exchange.head);
}

Result<> CurlFetcher::wait(milliseconds time, const Progress& progress) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until) {
    if (progress.is_cancelled()) return stopped();
    std::this_thread::sleep_for(std::min<Clock::duration>(look_up, until - Clock::now()));
  }
  return {};
}

}  // namespace

bool may_fetch(std::string_view url) {
  if (!is_plain_url(url)) return false;
  return url.starts_with("https://") ||
         (url.starts_with("http://") && is_this_machine(host_of(url)));
}

bool may_follow(std::string_view from, std::string_view to) {
  if (!may_fetch(to)) return false;
  return to.starts_with("https://") || is_this_machine(host_of(from));
}

std::unique_ptr<Fetcher> make_fetcher(const FetchPatience& patience) {
  return std::make_unique<CurlFetcher>(patience);
}

}  // namespace lockstep
