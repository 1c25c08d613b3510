// SPDX-License-Identifier: Apache-2.0
#include "base/sender.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <thread>

#include "base/curl_library.hpp"
#include "base/fetcher.hpp"
#include "base/signature.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep {
namespace {

constexpr std::size_t answer_bytes_max = 64'000;
constexpr std::size_t base64_line = 76;  // RFC 2045, section 6.8

/// Narrower than for fetching: what is sent may be confidential.
bool is_surely_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "127.0.0.1";
}

bool may_mail_through(std::string_view server) {
  return is_plain_url(server) && (server.starts_with("smtps://") || server.starts_with("smtp://"));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// RFC 2047, section 2: lines of at most 76 characters, cut between characters of UTF-8.
std::string header_text(std::string_view text) {
  if (is_ascii(text) && text.size() <= 900) return std::string(text);
  constexpr std::size_t piece_max = 39;  // with "Subject: " before the first, 73 characters
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min(piece_max, text.size());
    while (size < text.size() && size > 1 &&
           (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U)
      --size;
    words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ",
                         to_base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return words;
}

/// "Fri, 01 Sep 2028 08:00:00 +0000"
std::string mail_date(Instant at) {
  constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Day day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

/// What one exchange is given and takes.
struct Exchange {
  std::string_view left;  ///< of what is to be uploaded
  std::size_t taken = 0;  ///< bytes of the answer
};

std::size_t on_read(char* into, std::size_t size, std::size_t number, void* exchange) {
  auto& here = *static_cast<Exchange*>(exchange);
  const std::size_t bytes = std::min(size * number, here.left.size());
  std::copy_n(here.left.data(), bytes, into);
  here.left.remove_prefix(bytes);
  return bytes;
}

/// The answer's body is of no interest, but its end is.
std::size_t on_write(char*, std::size_t size, std::size_t number, void* exchange) {
  auto& here = *static_cast<Exchange*>(exchange);
  here.taken += size * number;
  return here.taken > answer_bytes_max ? 0 : size * number;
}

/// Trying again helps against none of these.
bool is_refusal(CURLcode code, long status) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_LOGIN_DENIED:
      return true;
    default:
      return status >= 500 && status < 600 && code != CURLE_OK;  // of SMTP
  }
}

class CurlSender final : public Sender {
 public:
  explicit CurlSender(const SendPatience& patience) : patience_(patience) {}

  ~CurlSender() override {
    if (handle_ != nullptr) curl_->easy_cleanup(handle_);
    if (multi_ != nullptr) curl_->multi_cleanup(multi_);
  }

  Result<int> post(const HttpPost& post) override;
  Result<> mail(const Mail& mail) override;

  void wait(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }

 private:
  Result<> prepare(const std::string& url, Exchange& exchange);
  Result<int> perform(const std::string& url);

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_->easy_setopt(handle_, option, value);
  }

  SendPatience patience_;
  const CurlLibrary* curl_ = nullptr;
  CURL* handle_ = nullptr;
  CURLM* multi_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> reason_{};
};

Result<> CurlSender::prepare(const std::string& url, Exchange& exchange) {
  TRY(curl_, curl_library());
  if (handle_ == nullptr) handle_ = curl_->easy_init();
  if (multi_ == nullptr) multi_ = curl_->multi_init();
  if (handle_ == nullptr || multi_ == nullptr)
    return fail(ErrorKind::input, "fetch.library", "the library libcurl could not begin its work");
  curl_->easy_reset(handle_);
  set_safe_options(*curl_, handle_, url, patience_.connect, reason_.data());
  set(CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience_.whole.count()));
  set(CURLOPT_READFUNCTION, &on_read);
  set(CURLOPT_READDATA, &exchange);
  set(CURLOPT_WRITEFUNCTION, &on_write);
  set(CURLOPT_WRITEDATA, &exchange);
  if (is_surely_this_machine(host_of(url))) set(CURLOPT_PROXY, "");
  return {};
}

Result<int> CurlSender::perform(const std::string& url) {
  curl_->multi_add_handle(multi_, handle_);
  int running = 1;
  CURLMcode step = CURLM_OK;
  while (running > 0 && step == CURLM_OK) {
    step = curl_->multi_perform(multi_, &running);
    if (running > 0 && step == CURLM_OK) step = curl_->multi_poll(multi_, nullptr, 0, 100, nullptr);
  }
  int left = 0;
  const CURLMsg* const message = curl_->multi_info_read(multi_, &left);
  const CURLcode code = message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  long status = 0;
  curl_->easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  curl_->multi_remove_handle(multi_, handle_);
  if (code == CURLE_OK) return static_cast<int>(status);
  const std::string reason =
      reason_[0] == '\0' ? curl_->easy_strerror(code) : std::string(reason_.data());
  const bool is_refused = is_refusal(code, url.starts_with("smtp") ? status : 0);
  return fail(
      ErrorKind::input, is_refused ? "send.refused" : "send.failed",
      fmt::format("'{}' did not take the message: {}", quotable(url, 200), quotable(reason, 200)));
}

tl::unexpected<Error> bad_address(std::string_view expected, std::string_view found) {
  return fail(ErrorKind::usage, "send.address",
              fmt::format("expected {}, found '{}'", expected, quotable(found, 200)));
}

Result<int> CurlSender::post(const HttpPost& post) {
  if (!may_fetch(post.url)) return bad_address("an https address without a user name", post.url);
  Exchange exchange;
  TRY_VOID(prepare(post.url, exchange));
  curl_slist* headers = curl_->slist_append(nullptr, "Content-Type: application/json");
  for (const std::string& header : post.headers)
    headers = curl_->slist_append(headers, header.c_str());
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
  set(CURLOPT_POSTFIELDS, post.body.c_str());
  const auto status = perform(post.url);
  curl_->slist_free_all(headers);
  return status;
}

Result<> CurlSender::mail(const Mail& mail) {
  if (!may_mail_through(mail.server))
    return bad_address("a server of mail such as smtps://HOST", mail.server);
  for (const std::string& address : mail.to)
    if (!is_mail_address(address)) return bad_address("an address of mail", address);
  if (!is_mail_address(mail.from)) return bad_address("an address of mail", mail.from);
  const std::string message = mail_message(mail);
  Exchange exchange{message, 0};
  TRY_VOID(prepare(mail.server, exchange));
  if (!is_surely_this_machine(host_of(mail.server)))
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!mail.user.empty()) {
    set(CURLOPT_USERNAME, mail.user.c_str());
    set(CURLOPT_PASSWORD, mail.password.c_str());
  }
  curl_slist* receivers = nullptr;
  for (const std::string& address : mail.to)
    receivers = curl_->slist_append(receivers, fmt::format("<{}>", address).c_str());
  const std::string from = fmt::format("<{}>", mail.from);
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, receivers);
  set(CURLOPT_UPLOAD, 1L);
  const auto sent = perform(mail.server);
  curl_->slist_free_all(receivers);
  if (!sent) return tl::unexpected<Error>(sent.error());
  return {};
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, [](char c) {
           constexpr std::string_view others = "@.!#$%&'*+-/=?^_`{|}~";
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

std::string mail_message(const Mail& mail) {
  std::string text = fmt::format(
      "Date: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
      mail_date(mail.at), mail.from, join(mail.to, ",\r\n "), header_text(mail.subject), mail.id,
      mail.from.substr(mail.from.find('@') + 1));
  const std::string body = to_base64(mail.text);
  for (std::size_t at = 0; at < body.size(); at += base64_line)
    text += body.substr(at, base64_line) + "\r\n";
  return text;
}

std::unique_ptr<Sender> make_sender(const SendPatience& patience) {
  return std::make_unique<CurlSender>(patience);
}

}  // namespace lockstep
