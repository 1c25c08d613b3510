// SPDX-License-Identifier: Apache-2.0
#include "app/download.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/retry_after.hpp"
#include "base/text.hpp"

namespace lockstep::app {

namespace {

using std::chrono::milliseconds;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (trouble != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "bytes 100-199/200" or "bytes */200": where the bytes begin, and the size of the whole.
struct ContentRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> whole;
};

ContentRange content_range(std::string_view text) {
  if (!text.starts_with("bytes ")) return {};
  text.remove_prefix(6);
  const std::size_t slash = text.find('/');
  const std::string_view range = text.substr(0, slash);
  ContentRange found;
  found.first = number(range.substr(0, range.find('-')));
  if (slash != std::string_view::npos) found.whole = number(text.substr(slash + 1));
  return found;
}

/// A validator that says that the bytes are the same, not only the meaning (RFC 9110, 13.1.5).
std::string strong_validator(const Edition& edition) {
  if (!edition.etag.empty() && !edition.etag.starts_with("W/")) return edition.etag;
  return edition.last_modified;
}

/// Whether a partial answer says that it is of another edition: then the server passed over
/// If-Range. Source: RFC 9110, section 15.3.7.
bool is_other(const FetchHead& head, const Edition& edition) {
  if (!head.etag.empty() && !edition.etag.empty()) return head.etag != edition.etag;
  return !head.last_modified.empty() && !edition.last_modified.empty() &&
         head.last_modified != edition.last_modified;
}

bool is_busy(int status) {
  constexpr std::array busy = {408, 425, 429, 500, 502, 503, 504};
  return std::ranges::find(busy, status) != busy.end();
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The headers that keep a server from sending what is here.
std::vector<std::string> conditions(std::uint64_t have,
                                    const std::string& validator,
                                    const Edition& known) {
  if (!validator.empty()) return {fmt::format("Range: bytes={}-", have), "If-Range: " + validator};
  if (!known.etag.empty()) return {"If-None-Match: " + known.etag};
  if (!known.last_modified.empty()) return {"If-Modified-Since: " + known.last_modified};
  return {};
}

tl::unexpected<Error> refused(const std::string& url, int status) {
  return fail(
      ErrorKind::input, "fetch.status",
      fmt::format("'{}' answered with status {}, expected 200", quotable(url, 200), status));
}

constexpr std::uint64_t edition_file_bytes = std::uint64_t{64} << 10U;

}  // namespace

/// Takes the body of an answer, in memory or in a file, behind what an earlier answer brought.
class Downloader::Body final : public FetchSink {
 public:
  Body(const DownloadRequest& request, Files& files, Progress& progress, std::string path)
      : request_(request), files_(files), progress_(progress), path_(std::move(path)) {}

  Result<> begin(const FetchHead& head) override;
  Result<> append(std::string_view bytes) override;

  /// Looks what lies there from an earlier run.
  Result<> look_up();
  Result<> drop();
  Result<> finish();

  Result<> check_whole() const;

  std::uint64_t have() const { return have_; }

  /// What can be gone on from: "" when the server gave no name to what is here.
  std::string validator() const { return have_ > 0 ? strong_validator(edition_) : ""; }

  const Edition& edition() const { return edition_; }

  std::string take_bytes() { return std::move(bytes_); }

 private:
  bool is_file() const { return !path_.empty(); }

  std::string edition_path() const { return path_ + ".json"; }

  Result<> start(const FetchHead& head);
  tl::unexpected<Error> too_large() const;

  const DownloadRequest& request_;
  Files& files_;
  Progress& progress_;
  std::string path_;
  std::string bytes_;
  std::unique_ptr<GrowingFile> file_;
  std::uint64_t have_ = 0;
  Edition edition_;
  std::optional<std::uint64_t> whole_;  ///< size of the document, as a partial answer says it
  bool is_wanted_ = false;              ///< the body that arrives is part of the document
};

tl::unexpected<Error> Downloader::Body::too_large() const {
  return fail(ErrorKind::input, "fetch.too_large",
              fmt::format("expected at most {} bytes from '{}', found more", request_.limit,
                          quotable(request_.url, 200)));
}

Result<> Downloader::Body::look_up() {
  if (!is_file() || !files_.exists(path_)) return {};
  const auto text = files_.read(edition_path(), edition_file_bytes);
  Diagnostics ignored;
  const auto said = text ? parse_json(*text, edition_path(), ignored) : Result<Json>(Json());
  if (!said || (*said)["address"].string_or("") != request_.url) return drop();
  edition_ = {(*said)["etag"].string_or(""), (*said)["last_modified"].string_or("")};
  TRY(have_, files_.size(path_));
  if (validator().empty() || have_ > request_.limit) return drop();
  return {};
}

Result<> Downloader::Body::drop() {
  have_ = 0;
  edition_ = {};
  bytes_.clear();
  file_.reset();
  if (!is_file()) return {};
  TRY_VOID(files_.remove(edition_path()));
  return files_.remove(path_);
}

/// The document comes from its first byte.
Result<> Downloader::Body::start(const FetchHead& head) {
  TRY_VOID(drop());
  edition_ = {head.etag, head.last_modified};
  if (!is_file()) return {};
  TRY_VOID(files_.write(edition_path(), to_canonical_json(Json::object_of(
                                            {{"address", request_.url},
                                             {"etag", edition_.etag},
                                             {"last_modified", edition_.last_modified}}))));
  return {};
}

Result<> Downloader::Body::begin(const FetchHead& head) {
  is_wanted_ = head.status == 200 || head.status == 206;
  if (!is_wanted_) return {};
  const ContentRange range = content_range(head.content_range);
  const bool is_rest = have_ > 0 && range.first == have_ && !is_other(head, edition_);
  if (head.status == 206 && !is_rest) {
    const std::uint64_t asked = have_;
    TRY_VOID(drop());
    return fail(ErrorKind::input, "fetch.broken",
                fmt::format("'{}' was asked for the bytes from {} on, and gave others ('{}')",
                            quotable(request_.url, 200), asked, quotable(head.content_range)));
  }
  whole_ = head.status == 206 ? range.whole : std::nullopt;
  if (head.status == 200) TRY_VOID(start(head));
  const std::uint64_t whole = head.length ? have_ + *head.length : 0;
  if (whole > request_.limit) return too_large();
  if (is_file()) {
    TRY(file_, files_.grow(path_, have_));
  }
  progress_.stage(fmt::format("fetching {}, bytes", request_.what), whole);
  return {};
}

Result<> Downloader::Body::append(std::string_view bytes) {
  if (!is_wanted_) return {};
  if (bytes.size() > request_.limit - have_) return too_large();
  if (is_file()) {
    TRY_VOID(file_->append(bytes));
  } else {
    bytes_ += bytes;
  }
  have_ += bytes.size();
  progress_.advance(have_);
  return {};
}

/// Part of a range is a right answer, and not the document.
Result<> Downloader::Body::check_whole() const {
  if (!whole_ || *whole_ == have_) return {};
  return fail(ErrorKind::input, "fetch.broken",
              fmt::format("'{}' gave {} of {} bytes", quotable(request_.url, 200), have_, *whole_));
}

Result<> Downloader::Body::finish() {
  if (!file_) return {};
  TRY_VOID(file_->sync());
  file_.reset();
  return {};
}

Downloader::Downloader(Fetcher& fetcher,
                       Files& files,
                       Progress& progress,
                       Instant now,
                       std::string folder,
                       const DownloadLimits& limits)
    : fetcher_(fetcher),
      files_(files),
      progress_(progress),
      now_(now),
      folder_(std::move(folder)),
      limits_(limits) {}

std::string Downloader::part_path(const std::string& url) const {
  return fmt::format("{}/{}.part", folder_, sha256(url).substr(0, 32));
}

Result<Download> Downloader::fetch(const DownloadRequest& request) {
  Body body(request, files_, progress_, "");
  TRY(Download download, run(request, body));
  download.bytes = body.take_bytes();
  return download;
}

Result<Download> Downloader::fetch_file(const DownloadRequest& request) {
  const std::string path = part_path(request.url);
  Body body(request, files_, progress_, path);
  TRY_VOID(body.look_up());
  TRY(Download download, run(request, body));
  TRY_VOID(body.finish());
  download.path = path;
  return download;
}

Result<> Downloader::forget(const std::string& url) {
  const std::string path = part_path(url);
  TRY_VOID(files_.remove(path + ".json"));
  return files_.remove(path);
}

Result<Download> Downloader::run(const DownloadRequest& request, Body& body) {
  std::string url = request.url;
  int redirects = 0;
  milliseconds pause = limits_.first_pause;
  for (int tried = 1;; ++tried) {
    const std::uint64_t had = body.have();
    const FetchRequest question{url, conditions(had, body.validator(), request.known)};
    auto answer = fetcher_.get(question, body, progress_);
    if (answer)
      if (auto whole = body.check_whole(); answer->status == 206 && !whole)
        answer = tl::unexpected<Error>(std::move(whole.error()));
    milliseconds wait = pause;
    if (!answer) {
      // What arrived stays where it is; the next try, or the next run, goes on from there.
      const std::string& code = answer.error().code;
      if (code == "fetch.too_large") TRY_VOID(body.drop());
      const int tries = code == "fetch.broken"        ? limits_.tries
                        : code == "fetch.unreachable" ? std::min(2, limits_.tries)
                                                      : 1;
      if (tried >= tries) return tl::unexpected<Error>(answer.error());
    } else if (answer->status == 200 || answer->status == 206) {
      return Download{Download::State::fetched, url, {}, {}, body.edition(), body.have()};
    } else if (answer->status == 304 && had == 0) {
      return Download{Download::State::unchanged, url, {}, {}, request.known, 0};
    } else if (answer->status == 404 || answer->status == 410) {
      return Download{Download::State::missing, url, {}, {}, {}, 0};
    } else if (is_redirect(answer->status)) {
      if (++redirects > limits_.redirects || !may_follow(url, answer->location))
        return fail(
            ErrorKind::input, "fetch.redirect",
            fmt::format("expected at most {} redirects, to https only; '{}' leads on to "
                        "'{}'",
                        limits_.redirects, quotable(url, 200), quotable(answer->location, 200)));
      url = answer->location;
      --tried;
      continue;
    } else if (answer->status == 416 && had > 0) {
      if (content_range(answer->content_range).whole == had)
        return Download{Download::State::fetched, url, {}, {}, body.edition(), had};
      TRY_VOID(body.drop());
      if (tried >= limits_.tries) return refused(url, answer->status);
      continue;
    } else if (is_busy(answer->status) && tried < limits_.tries) {
      const Instant now = http_date(answer->date).value_or(now_);
      if (const auto asked = retry_after(answer->retry_after, now)) wait = *asked;
      if (wait > limits_.longest_pause)
        return fail(ErrorKind::input, "fetch.status",
                    fmt::format("'{}' answered with status {} and asks to come back in {} seconds",
                                quotable(url, 200), answer->status, wait.count() / 1000));
    } else {
      return refused(url, answer->status);
    }
    TRY_VOID(fetcher_.wait(wait, progress_));
    pause = std::min(pause * 2, limits_.longest_pause);
  }
}

}  // namespace lockstep::app
