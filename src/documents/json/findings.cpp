// SPDX-License-Identifier: Apache-2.0
// Findings as JSON. A scan of a large bill writes tens of thousands of them, so each form is
// described once, by `put`, and goes either straight into a text or into a tree. Members stand in
// the order of their keys, as JsonText asks.
#include "base/json_text.hpp"
#include "base/json_tree.hpp"
#include "base/parallel.hpp"
#include "documents/json/parts.hpp"

namespace lockstep::documents {
namespace {

/// What a scan looked at and found. @tparam Found findings, or texts of them that are written
template <typename Found>
struct Scanned {
  std::span<const Bom> boms;
  std::span<const DataSource> data;
  std::span<Found> findings;
  std::span<const Unmatched> unmatched;
  TextPieces* pieces = nullptr;  ///< of the text, where it is to be one
};

template <typename Out, typename Value>
void member(Out& out, JsonKey key, const Value& value) {
  out.key(key);
  out.value(value);
}

template <typename Out>
void member_or_null(Out& out, JsonKey key, const std::string& text) {
  out.key(key);
  if (text.empty())
    out.value(nullptr);
  else
    out.value(text);
}

template <typename Out>
void list(Out& out, JsonKey key, std::span<const std::string> texts) {
  out.key(key);
  out.open_array();
  for (const std::string& text : texts)
    out.value(text);
  out.close_array();
}

template <typename Out>
void put(Out& out, const Rating& rating) {
  out.open_object();
  member(out, "rating", rating.word);
  out.key("score");
  if (rating.score)
    out.value(*rating.score);
  else
    out.value(nullptr);
  member_or_null(out, "source", rating.source);
  member_or_null(out, "vector", rating.vector);
  out.close_object();
}

template <typename Out>
void put(Out& out, const EpssScore& epss) {
  out.open_object();
  member(out, "date", epss.date);
  member(out, "percentile", epss.percentile);
  member(out, "probability", epss.probability);
  out.close_object();
}

template <typename Out>
void put(Out& out, const AppliedVex& vex) {
  out.open_object();
  member_or_null(out, "accepted_by", vex.accepted_by);
  member_or_null(out, "accepted_until", vex.accepted_until);
  member_or_null(out, "at", vex.at);
  member_or_null(out, "author", vex.author);
  member_or_null(out, "carried_from", vex.carried_from);
  list(out, "disagrees", vex.disagrees);
  member_or_null(out, "document", vex.document);
  member_or_null(out, "justification", vex.justification);
  member(out, "needs_confirmation", vex.needs_confirmation);
  list(out, "replaces", vex.replaces);
  member(out, "statement", vex.statement);
  member(out, "status", vex.status);
  out.close_object();
}

template <typename Out>
void put(Out& out, const Exploitation& fact) {
  out.open_object();
  member_or_null(out, "origin", fact.origin);
  member(out, "ransomware", fact.ransomware);
  member_or_null(out, "since", fact.since);
  member(out, "source", fact.source);
  out.close_object();
}

template <typename Out>
void put(Out& out, const DecidingRule& rule) {
  out.open_object();
  list(out, "not_asked", rule.not_asked);
  member(out, "policy", rule.policy);
  member_or_null(out, "reason", rule.reason);
  member(out, "rule", rule.rule);
  out.close_object();
}

template <typename Out>
void put(Out& out, const FindingReach& reach) {
  out.open_object();
  member_or_null(out, "because", reach.because);
  member(out, "reachable", reach.word);
  member(out, "tool", reach.tool);
  out.close_object();
}

template <typename Out>
void put(Out& out, const FindingSsvc& ssvc) {
  out.open_object();
  list(out, "inputs", ssvc.inputs);
  list(out, "missing", ssvc.missing);
  list(out, "outcomes", ssvc.outcomes);
  member(out, "tree", ssvc.tree);
  out.close_object();
}

template <typename Out, typename Value>
void put(Out& out, const std::optional<Value>& value) {
  if (value)
    put(out, *value);
  else
    out.value(nullptr);
}

template <typename Out>
void put(Out& out, const Finding& finding) {
  out.open_object();
  member(out, "advisory", finding.advisory);
  list(out, "aliases", finding.aliases);
  member(out, "because", finding.because);
  member(out, "component", finding.component);
  out.key("decided_by");
  put(out, finding.decided_by);
  out.key("epss");
  put(out, finding.epss);
  out.key("exploited");
  out.open_array();
  for (const Exploitation& fact : finding.exploited)
    put(out, fact);
  out.close_array();
  list(out, "fixed", finding.fixed);
  member_or_null(out, "flaw", finding.flaw);
  list(out, "known_exploited", finding.known_exploited);
  list(out, "matched", finding.matched);
  member(out, "matched_by", finding.matched_by);
  member_or_null(out, "published", finding.published);
  member_or_null(out, "purl", finding.purl);
  out.key("reach");
  put(out, finding.reach);
  member(out, "reference", finding.reference);
  member(out, "sbom", finding.sbom);
  member_or_null(out, "scope", finding.scope);
  out.key("severity");
  put(out, finding.severity);
  out.key("ssvc");
  put(out, finding.ssvc);
  member(out, "state", to_text(finding.state));
  member(out, "state_because", finding.state_because);
  member(out, "summary", finding.summary);
  list(out, "upstream", finding.upstream);
  member_or_null(out, "version", finding.version);
  out.key("vex");
  put(out, finding.vex);
  out.close_object();
}

template <typename Out>
void put(Out& out, const Unmatched& unmatched) {
  out.open_object();
  member(out, "component", unmatched.component);
  member(out, "kind", to_text(unmatched.kind));
  list(out, "possible", unmatched.possible);
  member_or_null(out, "purl", unmatched.purl);
  member(out, "reason", unmatched.reason);
  member(out, "reference", unmatched.reference);
  member(out, "sbom", unmatched.sbom);
  out.close_object();
}

template <typename Out, typename Value>
void put_elements(Out& out, std::span<const Value> values) {
  for (const Value& value : values)
    put(out, value);
}

/// Appends elements of a list of the document.
template <typename Value>
void write_elements(std::span<const Value> values, std::string& into) {
  constexpr std::size_t level = 2;  // the document, and the list
  JsonText elements = JsonText::elements(level, into);
  put_elements(elements, values);
  elements.finish();
}

/// Elements that are written already.
void put_long(JsonText& out, std::span<std::string> texts, TextPieces* pieces) {
  for (std::string& text : texts)
    out.append(std::move(text), *pieces);
}

/// The parts of a long list are written side by side.
template <typename Value>
void put_long(JsonText& out, std::span<const Value> values, TextPieces* pieces) {
  constexpr std::size_t least = 500;         // fewer do not pay for a thread
  constexpr std::size_t bytes_each = 1'500;  // about; a text that grows is copied each time
  TextPieces texts(parts_of(values.size(), least));
  in_parts(values.size(), texts.size(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    texts[part].reserve((end - begin) * bytes_each);
    write_elements(values.subspan(begin, end - begin), texts[part]);
  });
  put_long(out, std::span(texts), pieces);
}

void put_long(JsonTree& out, auto values, const TextPieces*) {
  put_elements(out, values);
}

template <typename Out, typename Value>
void put_all(Out& out, JsonKey key, std::span<Value> values, TextPieces* pieces) {
  out.key(key);
  out.open_array();
  put_long(out, values, pieces);
  out.close_array();
}

/// @param baseline null leaves the member out
template <typename Out, typename Found>
void put(Out& out, const Scanned<Found>& scanned, const Json* baseline, int exit) {
  out.open_object();
  if (baseline != nullptr) member(out, "baseline", *baseline);
  member(out, "data",
         list_of(scanned.data, [](const DataSource& source) { return to_json(source); }));
  member(out, "exit", exit);
  put_all(out, "findings", scanned.findings, scanned.pieces);
  member(out, "sbom", scanned.boms.empty() ? Json() : summary_of(scanned.boms.front()));
  member(out, "sboms", list_of(scanned.boms, [](const Bom& bom) { return summary_of(bom); }));
  member(out, "schema", "lockstep/findings/1");
  put_all(out, "unmatched", scanned.unmatched, scanned.pieces);
  out.close_object();
}

/// The whole document as a text.
template <typename Found>
TextPieces pieces_of(Scanned<Found> scanned, const Json& baseline, int exit) {
  TextPieces pieces;
  scanned.pieces = &pieces;
  std::string text;
  JsonText out(text);
  put(out, scanned, &baseline, exit);
  text += '\n';
  pieces.push_back(std::move(text));
  return pieces;
}

}  // namespace

Json to_json(const Finding& finding) {
  JsonTree tree;
  put(tree, finding);
  return tree.take();
}

Json to_json(const DataSource& source) {
  return Json::object_of({{"source", source.source},
                          {"as_of", source.as_of},
                          {"advisories", source.entries},
                          {"later", source.later},
                          {"sha256", source.sha256}});
}

Json summary_of(const Bom& bom) {
  return Json::object_of({{"path", bom.path},
                          {"sha256", bom.sha256},
                          {"format", bom.format},
                          {"components", bom.components.size()}});
}

Json findings_json(std::span<const Bom> boms,
                   std::span<const DataSource> data,
                   std::span<const Finding> findings,
                   std::span<const Unmatched> unmatched,
                   int exit) {
  JsonTree tree;
  put(tree, Scanned<const Finding>{boms, data, findings, unmatched}, nullptr, exit);
  return tree.take();
}

TextPieces findings_text(std::span<const Bom> boms,
                         std::span<const DataSource> data,
                         std::span<const Finding> findings,
                         std::span<const Unmatched> unmatched,
                         const std::optional<SinceBaseline>& since,
                         int exit) {
  return pieces_of(Scanned<const Finding>{boms, data, findings, unmatched}, baseline_json(since),
                   exit);
}

void write_findings(std::span<const Finding> findings, TextPieces& pieces) {
  constexpr std::size_t room = std::size_t{128} << 10U;
  constexpr std::size_t full = room - (std::size_t{24} << 10U);  // what is left is mostly enough
  if (findings.empty()) return;
  const bool is_full = !pieces.empty() && pieces.back().size() > full;
  // A piece that outgrew its room has up to twice what it needs.
  if (is_full) pieces.back().shrink_to_fit();
  if (is_full || pieces.empty()) pieces.emplace_back().reserve(room);
  write_elements(findings, pieces.back());
}

TextPieces findings_text(std::span<const Bom> boms,
                         std::span<const DataSource> data,
                         TextPieces findings,
                         std::span<const Unmatched> unmatched,
                         int exit) {
  return pieces_of(Scanned<std::string>{boms, data, findings, unmatched}, Json(), exit);
}

}  // namespace lockstep::documents
