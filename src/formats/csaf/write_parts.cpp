// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/write_parts.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "domain/purl.hpp"
#include "formats/csaf/file_name.hpp"
#include "formats/schema.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats::csaf {
namespace {

/// Who gives out the ids of a system, as far as the name tells.
std::string_view system_of(std::string_view name) {
  if (name.starts_with("GHSA-")) return "https://github.com/advisories";
  if (name.starts_with("EUVD-")) return "https://euvd.enisa.europa.eu";
  if (name.starts_with("CVE-")) return "https://www.cve.org";
  return "https://osv.dev";
}

Json publisher_of(const PublisherToWrite& publisher) {
  Json json = Json::object_of({{"category", publisher.category},
                               {"name", publisher.name},
                               {"namespace", publisher.name_space}});
  if (!publisher.contact.empty()) json.set("contact_details", publisher.contact);
  return json;
}

Json tracking_of(const HeadToWrite& head) {
  Json history = Json::array();
  for (const RevisionToWrite& revision : head.revisions)
    history.push(Json::object_of({{"date", to_text(revision.date)},
                                  {"number", revision.number},
                                  {"summary", revision.summary}}));
  Json engine = Json::object_of({{"name", "lockstep"}, {"version", LOCKSTEP_VERSION}});
  const Instant newest = head.revisions.back().date;
  return Json::object_of(
      {{"current_release_date", to_text(newest)},
       {"generator", Json::object_of({{"date", to_text(newest)}, {"engine", std::move(engine)}})},
       {"id", head.id},
       {"initial_release_date", to_text(head.revisions.front().date)},
       {"revision_history", std::move(history)},
       {"status", head.status},
       {"version", head.revisions.back().number}});
}

/// A purl as it is written, or in its canonical form where the standard would refuse that; "" for
/// what is none.
std::string plain_purl(std::string_view identifier) {
  const auto purl = parse_purl(identifier);
  if (!purl) return "";
  static const Pattern pattern(R"(^pkg:[a-z][a-z0-9.-]*/.+)");
  const std::string text(identifier);
  return has_format(text, "uri") && pattern.matches(text) ? text : to_text(*purl);
}

/// Whether the standard takes it for the name of a platform.
bool is_cpe(const std::string& identifier) {
  static const Pattern pattern(
      shipped_document(
          "csaf/csaf-2.1")["$defs"]["full_product_name_t"]["properties"]
                          ["product_identification_helper"]["properties"]["cpe"]["pattern"]
                              .string_or(""));
  return identifier.size() >= 5 && identifier.starts_with("cpe:") && pattern.matches(identifier);
}

std::string_view label_of(const HeadToWrite& head) {
  if (!head.is_public) return "GREEN";
  return head.version == Version::v2_0 ? "WHITE" : "CLEAR";
}

}  // namespace

Json document_of(const HeadToWrite& head, std::string_view category) {
  Json label = Json::object_of({{"label", label_of(head)}});
  Json document = Json::object_of({{"category", category},
                                   {"csaf_version", head.version == Version::v2_0 ? "2.0" : "2.1"},
                                   {"distribution", Json::object_of({{"tlp", std::move(label)}})},
                                   {"lang", head.language},
                                   {"publisher", publisher_of(head.publisher)},
                                   {"title", head.title},
                                   {"tracking", tracking_of(head)}});
  if (head.version == Version::v2_1 && !head.license.empty())
    document.set("license_expression", head.license);
  if (!head.base_url.empty()) {
    Json references = Json::array();
    references.push(Json::object_of({{"category", "self"},
                                     {"summary", "Canonical URL"},
                                     {"url", head.base_url + "/" + file_name(head.id)}}));
    document.set("references", std::move(references));
  }
  return document;
}

Json whole_of(const HeadToWrite& head, std::string_view category, Json tree, Json vulnerabilities) {
  Json whole = Json::object_of({{"document", document_of(head, category)},
                                {"product_tree", std::move(tree)},
                                {"vulnerabilities", std::move(vulnerabilities)}});
  if (head.version == Version::v2_1)
    whole.set("$schema", "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json");
  return whole;
}

std::string key_of(const std::vector<std::string>& names) {
  const auto cve = std::ranges::find_if(names, is_cve);
  if (cve != names.end()) return *cve;
  return names.empty() ? "" : names.front();
}

void set_names(Json& vulnerability, const std::vector<std::string>& names) {
  const std::string key = key_of(names);
  if (is_cve(key)) vulnerability.set("cve", key);
  Json ids = Json::array();
  Ids seen;
  for (const std::string& name : names)
    if (!(name == key && is_cve(key)) && !name.empty() && seen.insert(name).second)
      ids.push(Json::object_of({{"system_name", system_of(name)}, {"text", name}}));
  if (!ids.items().empty()) vulnerability.set("ids", std::move(ids));
}

Json helper_of(std::string_view identifier, Version version) {
  Json helper;
  if (const std::string purl = plain_purl(identifier); !purl.empty()) {
    if (version == Version::v2_0)
      helper.set("purl", purl);
    else
      helper.set("purls", Json::array_of({purl}));
  } else if (is_cpe(std::string(identifier))) {
    helper.set("cpe", identifier);
  } else if (has_format(identifier, "uri") &&
             (identifier.find("://") != std::string_view::npos || identifier.starts_with("urn:"))) {
    Json uris = Json::array();
    uris.push(Json::object_of({{"namespace", "https://openvex.dev/ns"}, {"uri", identifier}}));
    helper.set("x_generic_uris", std::move(uris));
  }
  return helper;
}

std::string product_id(std::size_t place) {
  return fmt::format("P{:04}", place + 1);
}

}  // namespace lockstep::formats::csaf
