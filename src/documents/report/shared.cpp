// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

template <typename Values, typename Member>
Line link_if_there(const Values& values, Member id_of, const std::string& id, std::string anchor) {
  const bool there = std::ranges::find(values, id, id_of) != values.end();
  return there ? Line{Link{id, std::move(anchor)}} : Line{Code{id}};
}

}  // namespace

std::vector<Block> capped(Table table) {
  const std::size_t all = table.rows.size();
  if (all <= most_rows) return {std::move(table)};
  table.rows.resize(most_rows);
  return {std::move(table),
          says(Line{"These are the first " + count(static_cast<std::int64_t>(most_rows)) + " of " +
                    count(static_cast<std::int64_t>(all)) +
                    " rows. All of them are in the machine-readable dossier."})};
}

void append(std::vector<Block>& blocks, std::vector<Block> more) {
  blocks.insert(blocks.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

Paragraph says(Line line) {
  return {std::move(line)};
}

Paragraph not_checked(std::string_view why) {
  return says(Line{mark(State::not_checked), "  ", std::string(why)});
}

Line requirement_link(const Dossier& dossier, const std::string& id) {
  return link_if_there(dossier.law.obligations, &Obligation::id, id, requirement_anchor(id));
}

Line risk_link(const Dossier& dossier, const std::string& id) {
  return link_if_there(dossier.risks, &Risk::id, id, risk_anchor(id));
}

Line evidence_link(const Dossier& dossier, const std::string& id) {
  return link_if_there(dossier.evidence, &Evidence::id, id, evidence_anchor(id));
}

Line test_link(const Dossier& dossier, const std::string& id) {
  if (std::ranges::find(dossier.measurements, id, &Measurement::id) != dossier.measurements.end())
    return Line{Link{id, test_anchor(id)}};
  return link_if_there(dossier.verdicts, &TestVerdict::test, id, test_anchor(id));
}

std::string requirement_anchor(std::string_view id) {
  return anchor_of("requirement", id);
}

std::string risk_anchor(std::string_view id) {
  return anchor_of("risk", id);
}

std::string evidence_anchor(std::string_view id) {
  return anchor_of("evidence", id);
}

std::string test_anchor(std::string_view id) {
  return anchor_of("test", id);
}

}  // namespace lockstep::documents
