// SPDX-License-Identifier: Apache-2.0
// What is kept about released versions while they are watched.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/gate_policy.hpp"

namespace lockstep {

/// A bill of a watched release, without its components.
struct WatchedBill {
  std::string path;  ///< as it was given
  std::string sha256;
  std::string format;
  std::string serial;
  std::int64_t components = 0;
};

/// A version of a product that was placed on the market.
struct WatchedRelease {
  std::int64_t number = 0;  ///< its row; 0 while it has none
  std::string product;
  std::string version;
  Day released;                      ///< placed on the market
  std::optional<Day> support_until;  ///< last day of the support period; nothing when not stated
  std::string added_at;              ///< RFC 3339
  std::string removed_at;            ///< RFC 3339; "" while it is watched
  std::vector<WatchedBill> bills;
  std::vector<std::string> names;          ///< under which statements may speak of it
  std::string bill_statements;             ///< those that the bills carry, as OpenVEX; "" for none
  std::string statements;                  ///< those of other documents, likewise
  std::vector<Reachability> reachability;  ///< what tools found about its code
  std::int64_t unidentified = 0;           ///< components that no advisory can ever name
  bool is_pending = false;                 ///< not yet held against the advisories as it is now
};

/// A component as it is asked about, whatever bill lists it.
struct WatchedComponent {
  std::string purl;  ///< canonical; "" when there is none, or none that can be read
  std::string name;
  std::string version;
  std::string cpe_names = {};  ///< one a line; "" for none
  /// Of a component with CPE names: all those that its bill gives, sorted, one a line. A record may
  /// call a product affected only beside others.
  std::string beside = {};

  auto operator<=>(const WatchedComponent&) const = default;
};

/// One entry of one bill of a release.
struct WatchedPart {
  std::int64_t component = 0;
  std::int64_t release = 0;
  std::int64_t bill = 0;  ///< its place among the bills of the release
  std::string reference;
  std::string scope;

  auto operator<=>(const WatchedPart&) const = default;
};

/// What was last told about one part: a finding, or that records could not be held against it.
struct WatchedRow {
  std::int64_t number = 0;
  WatchedPart part;
  std::string face;           ///< canonical JSON, see app/watch_face.hpp
  std::string recheck_after;  ///< the last day on which the state holds by itself; "" for always
  std::int64_t tally = 0;     ///< what the face counts as: bits of WatchTally
};

/// What rows count as, so that a list of releases reads no face.
struct WatchTally {
  static constexpr std::int64_t not_checked = 1;
  static constexpr std::int64_t open = 2;
  static constexpr std::int64_t failing = 4;    ///< open, and the gate fails it
  static constexpr std::int64_t exploited = 8;  ///< open, and a list names it
};

/// How many rows of a release there are of each.
struct WatchCounts {
  std::int64_t open = 0;
  std::int64_t failing = 0;
  std::int64_t exploited = 0;
  std::int64_t not_checked = 0;
};

/// Something to tell, written once.
struct WatchNotice {
  std::int64_t number = 0;
  std::string key;   ///< SHA-256 over what makes it this notice
  std::string body;  ///< canonical JSON, lockstep/watch-notice/1
};

/// How far one notice came on its way to one target.
struct WatchDelivery {
  std::int64_t notice = 0;
  std::string target;
  bool is_done = false;
  std::int64_t attempts = 0;
  std::string at;       ///< of the last attempt, RFC 3339
  std::string problem;  ///< of the last attempt
};

/// A question that a person has to answer.
struct WatchTask {
  std::int64_t number = 0;
  std::string product;
  std::string flaw;
  std::string body;       ///< canonical JSON, an element of `tasks` in lockstep/watch-tasks/1
  std::string closed_at;  ///< "" while it is open
  std::string decision;
  std::string decided_by;
  std::string reason;
};

}  // namespace lockstep
