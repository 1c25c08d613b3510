// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "regulations/reader.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// A ruleset on its way in. Names are registered first and conditions are read last, so that a
/// rule may speak of what stands in a later file.
class Loading {
 public:
  Loading(Ruleset& rules, Diagnostics& problems) : rules_(rules), problems_(problems) {}

  // load_catalogue.cpp
  void read_facts(const SourceFile& file);
  void read_questions(const SourceFile& file);  ///< after the facts
  void read_evidence_kinds(const SourceFile& file);
  // load_contradictions.cpp, the latter after the facts
  void read_countries(const SourceFile& file);
  void read_contradictions(const SourceFile& file);
  // load_duties.cpp
  void read_duty_words(const SourceFile& file);
  // load_act.cpp
  void read_act(const SourceFile& file);
  void read_provisions(const SourceFile& file, int act);
  // load_rules.cpp
  void read_rules(const SourceFile& file, int act);
  // load_crosswalk.cpp, after the rules of all acts
  void read_crosswalk(const SourceFile& file);
  void read_conflicts(const SourceFile& file);

  /// Reads all conditions, then checks citations and puts the decisions in order.
  void finish();

 private:
  struct Citing {
    int act;
    std::string cite;  ///< a path of the act, or ACT/PATH
    Place where;
  };

  /// The texts under `key`, remembered as citations of `act` that must resolve.
  std::vector<std::string> cites(Reader& reader,
                                 const Json& node,
                                 int act,
                                 std::string_view key = "cites");
  /// Remembers where a name of one kind stands first, or reports that it is taken, with that place.
  /// @param differs what is otherwise here than there, "" for nothing
  /// @returns whether it is the first
  bool note_place(Reader& reader,
                  const Json& node,
                  std::string_view kind,
                  const std::string& name,
                  std::string_view differs = "");
  /// The same, and adds it to an index.
  void register_name(Reader& reader,
                     const Json& node,
                     std::string_view kind,
                     const std::string& name,
                     int position,
                     std::map<std::string, int, std::less<>>& index);

  void later(std::function<void()> read) { later_.push_back(std::move(read)); }

  void read_words(Reader& reader, const Json& node, FactDefinition& fact);
  void read_presumption(Reader& reader, const Json& node, int fact);
  void read_derivation(Reader& reader, const Json& derive, int fact);
  void read_limits(Reader& reader, const Json& node, FactDefinition& fact);
  int read_fact_name(Reader& reader, const Json& node);
  void read_pair(Reader& reader, const Json& node, FactContradiction& row);
  std::optional<Condition> read_stated(Reader& reader, const Json& node);
  void read_contradiction(Reader& reader, const Json& node, std::size_t row);
  void read_derived(Reader& reader, const Json& node, std::size_t row);
  std::optional<Condition> read_earlier(Reader& reader, const Json& node, int fact);
  void read_sanction(Reader& reader, const Json& node, int act);
  std::string read_party(Reader& reader, const Json& node, const Json& group);
  Duty read_duty(Reader& reader, const Json& node, const Json& group);
  std::vector<int> read_sanctions(Reader& reader, const Json& node, const Json& group, int act);
  int read_basis(Reader& reader, const Json& node);
  std::string read_other_reading(Reader& reader, const Json& node);
  void read_date(Reader& reader, const Json& node, int act);
  void read_switch(Reader& reader, const Json& node, int act);
  std::vector<DatedValue> read_dated_values(Reader& reader, const Json& node, std::string_view key);
  void read_decision(Reader& reader, const Json& node, int act);
  Step read_step(Reader& reader, const Json& node, Decision& decision);
  void read_step_tests(Reader& reader, const Json& node, int decision, std::size_t step);
  const Step* find_step(const Decision& here, std::string_view name) const;
  void read_rows(Reader& reader, const Json& node, int decision, std::size_t step);
  void check_decision_shape(Reader& reader, const Json& node, const Decision& decision);
  void read_group(Reader& reader, const Json& node, int act);
  void read_requirement(Reader& reader, const Json& node, const Json& group, int act);
  void note_terms(Reader& reader,
                  const Json& node,
                  const Json& group,
                  const Requirement& requirement);
  void read_requirement_tests(Reader& reader,
                              const Json& node,
                              const Json& group,
                              std::size_t requirement);
  std::vector<std::size_t> read_requirement_ids(Reader& reader,
                                                const Json& node,
                                                std::string_view key);
  void add_overlap(Reader& reader,
                   const Json& node,
                   std::size_t one,
                   std::size_t other,
                   Overlap::Strength strength);
  void check_citations();
  // load_shadows.cpp
  void check_shadows();
  std::vector<int> asked_by(const Decision& rule) const;
  void order_decisions();
  bool visit(int decision, std::vector<char>& state);

  Ruleset& rules_;
  Diagnostics& problems_;
  std::vector<Citing> citing_;
  std::vector<std::function<void()>> later_;
  std::unordered_map<std::string, Place> places_;        ///< by kind and name
  std::unordered_map<std::string, const Json*> groups_;  ///< of each requirement, by its id
};

}  // namespace lockstep::regulations
