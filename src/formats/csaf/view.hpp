// SPDX-License-Identifier: Apache-2.0
// A CSAF document as its tests see it: the values of the file, found once and named alike for both
// versions of the standard. Everything is a view into the document, which must outlive it.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json.hpp"
#include "formats/csaf/moment.hpp"
#include "formats/schema.hpp"

namespace lockstep::formats::csaf {

enum class Version { v2_0, v2_1 };

using Ids = std::unordered_set<std::string_view>;

/// The text of a string, "" for every other kind. A view, unlike Json::string_or.
std::string_view text(const Json& value);

/// Whether it has the form CVE-2026-12345. Source: CSAF, 6.2.17.
bool is_cve(std::string_view text);

/// Groups of product statuses; those up to `unknown` contradict each other.
enum class StatusGroup { affected, not_affected, fixed, investigated, unknown, recommended };

std::string_view word_of(StatusGroup group);

struct StatusKey {
  std::string_view key;  ///< of product_status: "known_affected"
  StatusGroup group;
};

/// The keys of product_status with their groups, in the standard's order.
std::span<const StatusKey> status_keys();

/// One element of the product tree's branches.
struct Branch {
  const Json* node = nullptr;
  const Branch* parent = nullptr;  ///< null at the root
  std::size_t depth = 1;           ///< number of "branches" in its path
  const Json* siblings = nullptr;  ///< the list that it stands in
  std::string_view category;
  std::string_view name;
};

/// One full_product_name_t.
struct Product {
  enum class Place { branch, name, path };
  const Json* node = nullptr;
  std::string_view id;
  Place place = Place::name;
  const Branch* branch = nullptr;  ///< the one that holds it; null elsewhere
};

/// A place that names a product or a group.
struct Reference {
  const Json* node = nullptr;
  std::string_view id;
};

/// One element of `scores` (2.0) or `metrics` (2.1).
struct Score {
  const Json* node = nullptr;
  const Json* content = nullptr;  ///< where cvss_v3 and the others stand
  std::string_view source;        ///< 2.1; "" is the issuing party itself
};

/// One element of the revision history.
struct Revision {
  const Json* node = nullptr;
  std::string_view number;
  std::optional<Moment> date;
};

class View {
 public:
  View(const Json& whole, Version of, Instant at);
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const Json& root;
  const Version version;
  const Json& document;  ///< root["document"]
  const Json& tracking;
  const Json& tree;  ///< root["product_tree"]
  const Json::Array& vulnerabilities;
  std::string_view category;
  std::string_view status;    ///< of the tracking: "final"
  std::string_view language;  ///< "" when there is none
  std::string_view label;     ///< of the Traffic Light Protocol

  std::vector<Branch> branches;  ///< parents before children
  std::vector<Product> products;
  std::unordered_map<std::string_view, const Product*> product_of;  ///< the first of each id
  std::unordered_map<std::string_view, std::vector<std::string_view>> groups;
  std::vector<Reference> product_references;
  std::vector<Reference> group_references;
  std::vector<Revision> revisions;  ///< sorted by date, then number; those without a date first
  SchemaCheck schema;               ///< broken rules of the standard's schema
  Instant now;                      ///< when the tests are made

  bool is_2_1() const { return version == Version::v2_1; }

  bool is_final_or_interim() const { return status == "final" || status == "interim"; }

  bool is_english() const;  ///< or of no stated language

  /// The products that an item names in `product_ids`, and through `group_ids`; each once, in
  /// order. Once the groups of all items were limits.hpp's group_members_max long, only the former.
  std::vector<std::string_view> products_of(const Json& item) const;

  /// Whether products_of left members of groups out.
  bool gave_up() const;

  /// Key and group of every product in `product_status`.
  std::vector<std::pair<std::string_view, StatusGroup>> statuses_of(
      const Json& vulnerability) const;

  /// The products of one key of `product_status`.
  static std::vector<std::string_view> with_status(const Json& vulnerability, std::string_view key);

  std::vector<Score> scores_of(const Json& vulnerability) const;

  /// The date of the newest revision that has one.
  std::optional<Moment> newest_revision() const;

 private:
  void collect_branches(const Json& list, const Branch* parent, std::size_t depth);
  void collect_products();
  void collect_references();
  void refer(const Json& list);
  void refer_one(const Json& id);
  void collect_revisions();

  mutable std::size_t group_members_ = 0;
};

/// The order of two document versions: SemVer, "4" being "4.0.0". Build metadata does not count.
std::weak_ordering compare_document_versions(std::string_view a, std::string_view b);

/// A document version taken apart.
struct DocumentVersion {
  bool is_semantic = false;
  std::string_view major;
  std::string_view core;         ///< without pre-release and build metadata
  std::string_view pre_release;  ///< "" when there is none
  bool has_build = false;
};

DocumentVersion document_version(std::string_view text);

}  // namespace lockstep::formats::csaf
