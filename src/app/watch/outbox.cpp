// SPDX-License-Identifier: Apache-2.0
#include "app/watch/outbox.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <span>

#include "app/watch/notices.hpp"
#include "base/digest.hpp"
#include "base/fetcher.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

constexpr std::string_view folder_prefix = "folder:";
constexpr std::string_view mail_prefix = "mailto:";
constexpr int tries_max = 3;
constexpr int refusals_max = 3;
/// Notices of one product in one mail.
constexpr std::size_t mail_notices_max = 50;

Result<Json> body_of(const WatchNotice& notice) {
  Diagnostics problems;
  return parse_json(notice.body, "notice", problems);
}

/// What one try came to.
enum class Taken { yes, later, refused };

/// Tries up to three times, with a pause that grows, until it is taken or refused.
Taken try_often(const Outgoing& by, const std::function<Taken()>& once) {
  for (int tried = 1;; ++tried) {
    const Taken taken = once();
    if (taken != Taken::later || tried == tries_max) return taken;
    by.sender.wait(std::chrono::seconds(tried * tried));
  }
}

/// Writes down what became of notices that went together.
Result<> mark(std::span<const WatchNotice> notices,
              Taken taken,
              TargetReport& report,
              store::WatchStore& store,
              Instant at) {
  return store.transaction([&]() -> Result<> {
    for (const WatchNotice& notice : notices) {
      TRY(const auto before, store.delivery(notice.number, report.target));
      const bool is_done = taken == Taken::yes;
      TRY_VOID(store.put_delivery({notice.number, report.target, is_done,
                                   (before ? before->attempts : 0) + 1, to_text(at),
                                   is_done ? "" : report.problem}));
      report.delivered += is_done ? 1 : 0;
    }
    return {};
  });
}

// Folders: one file for each notice, named by its place in the order and its key: writing it again
// writes the same, so that all are marked in one go.

Result<> check_folder(const std::string& target, const Outgoing&) {
  if (target.size() > folder_prefix.size()) return {};
  return fail(ErrorKind::usage, "watch.target", "expected a path after folder:, found none");
}

Result<> to_folder(std::span<const WatchNotice> waiting,
                   TargetReport& report,
                   store::WatchStore& store,
                   const Outgoing& by) {
  const std::string folder = report.target.substr(folder_prefix.size());
  std::size_t written = 0;
  for (; written < waiting.size(); ++written) {
    const WatchNotice& notice = waiting[written];
    TRY(const Json body, body_of(notice));
    const auto done = by.files.write(
        fmt::format("{}/{:06}-{}.json", folder, notice.number, notice.key.substr(0, 16)),
        to_pretty_json(body));
    if (done) continue;
    report.problem = done.error().message;
    break;
  }
  return mark(waiting.first(written), Taken::yes, report, store, by.at);
}

// Web hooks: one POST for each notice.

Result<> check_hook(const std::string& target, const Outgoing&) {
  if (may_fetch(target)) return {};
  return fail(ErrorKind::usage, "send.address",
              fmt::format("expected an https address without a user name, found '{}'; a token is "
                          "taken from LOCKSTEP_WEBHOOK_TOKEN",
                          quotable(target)));
}

Taken post_once(const WatchNotice& notice, TargetReport& report, const Outgoing& by) {
  HttpPost post{report.target, {"Idempotency-Key: " + notice.key}, notice.body};
  if (!by.token.empty()) post.headers.push_back("Authorization: Bearer " + by.token);
  const auto status = by.sender.post(post);
  if (!status) {
    report.problem = status.error().message;
    return status.error().code == "send.failed" ? Taken::later : Taken::refused;
  }
  if (*status >= 200 && *status < 300) return Taken::yes;
  report.problem = fmt::format("'{}' answered {}", quotable(report.target, 200), *status);
  const bool is_busy = *status == 408 || *status == 425 || *status == 429 || *status >= 500;
  return is_busy ? Taken::later : Taken::refused;
}

Result<> to_hook(std::span<const WatchNotice> waiting,
                 TargetReport& report,
                 store::WatchStore& store,
                 const Outgoing& by) {
  int refusals = 0;
  for (std::size_t i = 0; i < waiting.size() && refusals < refusals_max; ++i) {
    const Taken taken = try_often(by, [&] { return post_once(waiting[i], report, by); });
    TRY_VOID(mark(waiting.subspan(i, 1), taken, report, store, by.at));
    if (taken == Taken::later) return {};
    refusals += taken == Taken::refused ? 1 : 0;
  }
  return {};
}

// Mail: one for each product, with all its notices.

Result<> check_mail(const std::string& target, const Outgoing& by) {
  const std::string address = target.substr(mail_prefix.size());
  if (!is_mail_address(address) || !is_mail_address(by.mail_from))
    return fail(ErrorKind::usage, "send.address",
                fmt::format("expected addresses of mail after mailto: and in --mail-from, found "
                            "'{}' and '{}'",
                            quotable(address), quotable(by.mail_from)));
  if (!by.mail_server.empty()) return {};
  return fail(ErrorKind::usage, "watch.target",
              "expected --smtp smtps://HOST beside mailto:, found none; user and password are "
              "taken from LOCKSTEP_SMTP_USER and LOCKSTEP_SMTP_PASSWORD");
}

Result<Mail> mail_of(const std::string& product,
                     std::span<const WatchNotice> notices,
                     const std::string& address,
                     const Outgoing& by) {
  Mail mail{
      by.mail_server, by.mail_user, by.mail_password, by.mail_from, {address}, "", by.at, "", ""};
  std::string keys;
  for (const WatchNotice& notice : notices) {
    TRY(const Json body, body_of(notice));
    keys += notice.key;
    mail.text += (mail.text.empty() ? "" : "\n----\n\n") + notice_text(body);
  }
  mail.id = sha256(keys).substr(0, 32);
  mail.subject = fmt::format("{}: {} {} of the watch", quotable(product), notices.size(),
                             notices.size() == 1 ? "notice" : "notices");
  return mail;
}

Result<> to_mail(std::span<const WatchNotice> waiting,
                 TargetReport& report,
                 store::WatchStore& store,
                 const Outgoing& by) {
  std::map<std::string, std::vector<WatchNotice>> products;
  for (const WatchNotice& notice : waiting) {
    TRY(const Json body, body_of(notice));
    products[body["product"].string_or("")].push_back(notice);
  }
  const std::string address = report.target.substr(mail_prefix.size());
  int refusals = 0;
  for (const auto& [product, notices] : products) {
    for (std::size_t first = 0; first < notices.size(); first += mail_notices_max) {
      const auto some =
          std::span(notices).subspan(first, std::min(mail_notices_max, notices.size() - first));
      TRY(const Mail mail, mail_of(product, some, address, by));
      const Taken taken = try_often(by, [&] {
        const auto sent = by.sender.mail(mail);
        if (sent) return Taken::yes;
        report.problem = sent.error().message;
        return sent.error().code == "send.failed" ? Taken::later : Taken::refused;
      });
      TRY_VOID(mark(some, taken, report, store, by.at));
      refusals += taken == Taken::refused ? 1 : 0;
      if (taken == Taken::later || refusals == refusals_max) return {};
    }
  }
  return {};
}

/// A kind of place that notices can go to.
struct TargetKind {
  std::string_view begins_with;
  std::string_view form;  ///< as messages show it
  /// Whether the text and the settings are enough to send there. Errors: watch.target,
  /// send.address.
  Result<> (*check)(const std::string& target, const Outgoing& by);
  /// Sends notices in their order and marks those that were taken. Errors: store.*.
  Result<> (*send)(std::span<const WatchNotice> waiting,
                   TargetReport& report,
                   store::WatchStore& store,
                   const Outgoing& by);
  bool leaves_the_machine = true;
};

constexpr std::array kinds = {
    TargetKind{folder_prefix, "folder:PATH", check_folder, to_folder, false},
    TargetKind{"https://", "https://HOST/PATH", check_hook, to_hook},
    TargetKind{"http://", "http://127.0.0.1/PATH", check_hook, to_hook},
    TargetKind{mail_prefix, "mailto:ADDRESS", check_mail, to_mail},
};

const TargetKind* kind_of(const std::string& target) {
  const auto found = std::ranges::find_if(
      kinds, [&](const TargetKind& kind) { return target.starts_with(kind.begins_with); });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

Result<> check_targets(const std::vector<std::string>& targets, const Outgoing& by) {
  for (const std::string& target : targets) {
    const TargetKind* kind = kind_of(target);
    if (kind != nullptr) {
      TRY_VOID(kind->check(target, by));
      continue;
    }
    std::vector<std::string> forms;
    for (const TargetKind& one : kinds)
      forms.emplace_back(one.form);
    return fail(ErrorKind::usage, "watch.target",
                fmt::format("expected a target such as {}, found '{}'", join(forms, " or "),
                            quotable(target)));
  }
  return {};
}

Result<std::vector<TargetReport>> deliver(store::WatchStore& store,
                                          const std::vector<std::string>& targets,
                                          const Outgoing& by) {
  TRY_VOID(check_targets(targets, by));
  std::vector<TargetReport> reports;
  for (const std::string& target : targets) {
    TargetReport report{target, 0, 0, ""};
    TRY(const auto waiting, store.waiting(target));
    const TargetKind& kind = *kind_of(target);
    if (kind.leaves_the_machine && by.is_offline) {
      report.problem = "the use of the network is switched off (--offline)";
    } else {
      TRY_VOID(kind.send(waiting, report, store, by));
    }
    report.waiting = std::ssize(waiting) - report.delivered;
    if (report.waiting == 0) report.problem.clear();
    reports.push_back(std::move(report));
  }
  return reports;
}

Result<std::vector<TargetReport>> deliver(const std::string& store_url,
                                          const std::vector<std::string>& targets,
                                          const Outgoing& by) {
  if (targets.empty()) return std::vector<TargetReport>{};
  TRY(const auto store, store::WatchStore::open(store_url));
  return deliver(*store, targets, by);
}

}  // namespace lockstep::app
