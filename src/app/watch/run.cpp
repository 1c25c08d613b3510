// SPDX-License-Identifier: Apache-2.0
// One run, in order: what differs in the index, which components that touches, what is said about
// them now, what that changes for each release, what of it is told.
#include "app/watch/run.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "advisories/cpe_lookup.hpp"
#include "advisories/gate.hpp"
#include "advisories/snapshot.hpp"
#include "app/data_status.hpp"
#include "app/import_data.hpp"
#include "app/scan.hpp"
#include "app/watch/answers.hpp"
#include "app/watch/notices.hpp"
#include "app/watch/tasks.hpp"
#include "app/watch/terms.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/policy/policy.hpp"
#include "formats/registry.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t policy_bytes_max = std::uint64_t{16} << 20U;

/// Whether a rule looks at the age of the fix, so that a state may change with the day.
bool asks_for_age(const GatePolicy& policy) {
  return std::ranges::any_of(policy.rules,
                             [](const GateRule& rule) { return rule.when.fix_age.is_asked(); });
}

/// What all rows depend on beside the index: another one, and everything is asked again.
std::string stamp_of(const GatePolicy& policy, const advisories::AdvisoryIndex& index) {
  return fmt::format("lockstep {}, index {}, policy {}, lists {}{}", LOCKSTEP_VERSION,
                     advisories::index_version, policy.path.empty() ? "default" : policy.sha256,
                     join(lists_of(index), " "), advisories::has_cpe_records(index) ? ", CPE" : "");
}

Result<std::vector<VexStatement>> statements_of(const WatchedRelease& release) {
  std::vector<VexStatement> all;
  for (const std::string* document : {&release.bill_statements, &release.statements}) {
    if (document->empty()) continue;
    Diagnostics ignored;
    TRY(auto read, formats::read_vex(*document, "statements", ignored, formats::Rules::warnings));
    std::ranges::move(read, std::back_inserter(all));
  }
  return all;
}

class Run {
 public:
  Run(store::WatchStore& store,
      const advisories::AdvisoryIndex& index,
      const GatePolicy& policy,
      Instant at)
      : store_(store),
        index_(index),
        policy_(policy),
        as_of_(std::chrono::floor<std::chrono::days>(at)) {}

  /// Everything up to the events; fills `delta`.
  Result<> compare(WatchDelta& delta);

  std::vector<WatchEvent>& events() { return events_; }

  const std::vector<ListedFinding>& listed() const { return listed_; }

  const std::map<std::int64_t, WatchedRelease>& releases() const { return releases_; }

 private:
  Result<std::vector<std::int64_t>> touched(WatchDelta& delta);
  Result<> settle_components(std::span<const std::int64_t> components);
  Result<> settle_release(const WatchedRelease& release, bool is_program_other);
  Result<> settle(const WatchedRelease& release,
                  std::span<const WatchedPart> parts,
                  std::span<const WatchedRow> before);
  Result<std::vector<Told>> told(const WatchedRelease& release,
                                 std::span<const WatchedPart> parts) const;

  store::WatchStore& store_;
  const advisories::AdvisoryIndex& index_;
  const GatePolicy& policy_;
  Day as_of_;
  std::map<std::int64_t, WatchedRelease> releases_;  ///< those that are watched
  ComponentAnswers answers_;
  std::vector<WatchEvent> events_;
  std::vector<ListedFinding> listed_;
};

Result<> Run::compare(WatchDelta& delta) {
  TRY(auto all, store_.releases());
  for (WatchedRelease& release : all)
    if (release.removed_at.empty()) releases_.emplace(release.number, std::move(release));
  const std::string stamp = stamp_of(policy_, index_);
  TRY(const std::string kept_stamp, store_.state("stamp"));
  if (kept_stamp != stamp) {
    delta.whole_because = kept_stamp.empty() ? "this is the first run"
                                             : "the program, the policy or the lists are others";
  }
  TRY(const auto components, touched(delta));
  if (delta.whole_because.empty()) {
    delta.components = std::ssize(components);
    TRY_VOID(settle_components(components));
  }
  for (auto& [number, release] : releases_) {
    if (!release.is_pending && delta.whole_because.empty()) continue;
    ++delta.releases;
    answers_.clear();
    TRY_VOID(settle_release(release, kept_stamp != stamp));
    if (release.is_pending) TRY_VOID(store_.clear_pending(number));
  }
  TRY_VOID(store_.set_state("stamp", stamp));
  TRY_VOID(store_.set_state("index", index_.sha256()));
  return store_.set_state("day", to_text(as_of_));
}

/// The components that the index or the day makes us ask about again. Keeps the new snapshot.
Result<std::vector<std::int64_t>> Run::touched(WatchDelta& delta) {
  std::set<std::int64_t> found;
  TRY(const std::string kept_index, store_.state("index"));
  if (kept_index != index_.sha256()) {
    TRY(const advisories::IndexSnapshot now, advisories::snapshot_of(index_, policy_));
    TRY(const std::string bytes, store_.state("snapshot"));
    auto before = advisories::decode_snapshot(bytes);
    if (!before) {
      delta.whole_because = "what the last run kept of the advisory data cannot be read";
      before = std::vector<advisories::SnapshotRow>();
    }
    const auto changes = advisories::differences(*before, now.rows);
    delta.records = std::ssize(changes);
    if (delta.whole_because.empty()) {
      TRY(const auto components, touched_by(changes, now, index_, store_));
      found.insert(components.begin(), components.end());
    }
    TRY_VOID(store_.set_state("snapshot", advisories::encode(now.rows)));
  } else if (!delta.whole_because.empty()) {
    // The bounds on EPSS are those of the policy.
    TRY(const advisories::IndexSnapshot now, advisories::snapshot_of(index_, policy_));
    TRY_VOID(store_.set_state("snapshot", advisories::encode(now.rows)));
  }
  TRY(const std::string kept_day, store_.state("day"));
  const std::string day = to_text(as_of_);
  const bool is_every_row = day < kept_day || (day != kept_day && asks_for_age(policy_));
  TRY(const auto aged,
      is_every_row ? store_.components_with_rows() : store_.components_to_recheck(day));
  found.insert(aged.begin(), aged.end());
  return std::vector<std::int64_t>(found.begin(), found.end());
}

/// Asks about the components, and goes to every release that holds one of which something is or
/// was said.
Result<> Run::settle_components(std::span<const std::int64_t> components) {
  TRY_VOID(add_answers(components, index_, store_, answers_));
  std::map<std::int64_t, std::vector<WatchedPart>> parts;
  std::map<std::int64_t, std::vector<WatchedRow>> rows;
  for (const std::int64_t component : components) {
    TRY(auto before, store_.rows_of_component(component));
    if (before.empty() && answers_.at(component).is_empty()) continue;
    for (WatchedRow& row : before)
      rows[row.part.release].push_back(std::move(row));
    TRY(auto held, store_.parts_of_component(component));
    for (WatchedPart& part : held)
      parts[part.release].push_back(std::move(part));
  }
  for (const auto& [number, held] : parts) {
    const auto release = releases_.find(number);
    // One that is pending is asked about as a whole.
    if (release == releases_.end() || release->second.is_pending) continue;
    TRY_VOID(settle(release->second, held, rows[number]));
  }
  return {};
}

Result<> Run::settle_release(const WatchedRelease& release, bool is_program_other) {
  TRY(const auto parts, store_.parts_of_release(release.number));
  std::vector<std::int64_t> components;
  for (const WatchedPart& part : parts)
    if (components.empty() || components.back() != part.component)
      components.push_back(part.component);
  if (is_program_other) TRY_VOID(file_again(components, store_));
  TRY_VOID(add_answers(components, index_, store_, answers_));
  TRY(const auto before, store_.rows_of_release(release.number));
  return settle(release, parts, before);
}

Result<std::vector<Told>> Run::told(const WatchedRelease& release,
                                    std::span<const WatchedPart> parts) const {
  std::vector<Finding> findings;
  std::vector<const WatchedPart*> places;
  std::vector<Told> all;
  for (const WatchedPart& part : parts) {
    const ComponentAnswer& answer = answers_.at(part.component);
    for (Finding finding : answer.findings) {
      finding.sbom = release.bills.at(static_cast<std::size_t>(part.bill)).path;
      finding.reference = part.reference;
      finding.scope = part.scope;
      findings.push_back(std::move(finding));
      places.push_back(&part);
    }
    for (const Unmatched& one : answer.open) {
      const auto purl = parse_purl(one.purl);
      all.push_back({part, face_of(one, purl ? purl->version : ""), ""});
    }
  }
  if (findings.empty()) return all;
  TRY(const auto statements, statements_of(release));
  advisories::ProductNames names{release.names, {}};
  for (const WatchedBill& bill : release.bills)
    names.bills.push_back({bill.path, bill.serial});
  TRY(findings, judge_findings(std::move(findings), names,
                               {statements, &policy_, release.reachability, as_of_}, index_));
  for (std::size_t i = 0; i < findings.size(); ++i)
    all.push_back({*places[i], face_of(findings[i]), recheck_after(findings[i], as_of_)});
  return all;
}

Result<> Run::settle(const WatchedRelease& release,
                     std::span<const WatchedPart> parts,
                     std::span<const WatchedRow> before) {
  TRY(const auto now, told(release, parts));
  TRY(RowChanges changes, compare_rows(before, now, parts));
  for (const WatchedRow& row : changes.put)
    TRY_VOID(store_.put_row(row));
  for (const std::int64_t number : changes.erased)
    TRY_VOID(store_.erase_row(number));
  std::ranges::move(changes.events, std::back_inserter(events_));
  std::ranges::move(changes.listed, std::back_inserter(listed_));
  return {};
}

void count(const std::vector<WatchEvent>& events, WatchRun& run) {
  for (const WatchEvent& event : events) {
    run.fresh += event.kind == WatchEvent::Kind::fresh ? 1 : 0;
    run.changed += event.kind == WatchEvent::Kind::changed ? 1 : 0;
    run.settled += event.kind == WatchEvent::Kind::settled ? 1 : 0;
    if (event.kind != WatchEvent::Kind::settled && event.face["state"].string_or("") == "fail")
      ++run.failing;
  }
}

/// Events are told once because rows are compared; what comes back with the same words on the same
/// day is another event, and who knows keys must not take it for the one before.
Result<> add_event_notice(store::WatchStore& store, WatchNotice& notice) {
  while (true) {
    TRY(const bool is_new, store.add_notice(notice.key, notice.body));
    if (is_new) return {};
    TRY(notice, told_again(notice));
  }
}

}  // namespace

Result<WatchRun> run_watch(store::WatchStore& store,
                           const advisories::AdvisoryIndex& index,
                           const GatePolicy& policy,
                           const std::string& imported_at,
                           Instant at) {
  const Day as_of = std::chrono::floor<std::chrono::days>(at);
  WatchRun result;
  result.at = at;
  result.index_sha256 = index.sha256();
  result.data = sources_on(as_of, index);
  TRY(const WatchTerms terms, watch_terms());
  const auto work = [&]() -> Result<> {
    Run run(store, index, policy, at);
    TRY_VOID(run.compare(result.delta));
    count(run.events(), result);
    const NoticeContext context{run.releases(), to_text(at), result.index_sha256};
    std::vector<WatchNotice> notices = notices_of(run.events(), context);
    for (WatchNotice& notice : notices) {
      TRY_VOID(add_event_notice(store, notice));
      result.notices.push_back(std::move(notice));
    }
    TRY(auto terms_notices, notices_of_terms(terms, store, as_of));
    for (WatchNotice& notice : terms_notices) {
      TRY(const bool is_new, store.add_notice(notice.key, notice.body));
      if (is_new) result.notices.push_back(std::move(notice));
    }
    TRY(result.tasks, open_tasks(run.listed(), {run.releases(), terms, imported_at, at}, store));
    TRY(const auto tasks, store.tasks());
    result.open_tasks = std::ranges::count(tasks, "", &WatchTask::closed_at);
    for (const auto& [number, release] : run.releases())
      if (!release.support_until)
        result.not_stated.push_back(fmt::format("{} {}", release.product, release.version));
    return {};
  };
  TRY_VOID(store.transaction(work));
  return result;
}

Result<WatchRun> run_watch(const WatchRunRequest& request,
                           const Files& files,
                           Diagnostics& problems) {
  GatePolicy policy = advisories::default_policy();
  if (!request.policy.empty()) {
    TRY(const std::string bytes, files.read(request.policy, policy_bytes_max));
    TRY(policy, formats::read_policy(bytes, request.policy, problems));
    if (problems.has_errors())
      return fail(
          ErrorKind::input, "input.problems",
          fmt::format("{} problems in the policy; nothing was compared", problems.error_count()));
  }
  TRY(const auto index, open_index(request.data_folder, files));
  if (!index)
    return fail(ErrorKind::input, "data.missing",
                "there is no advisory data here; `lockstep data import PATH...` takes it in",
                {index_path(request.data_folder), 0, 0});
  TRY(const auto store, store::WatchStore::open(request.store_url));
  return run_watch(*store, *index, policy, imported_at(request.data_folder, index->sha256(), files),
                   request.at);
}

}  // namespace lockstep::app
