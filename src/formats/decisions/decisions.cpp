// SPDX-License-Identifier: Apache-2.0
#include "formats/decisions/decisions.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/limits.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

/// What each status may say; a key of another status would be lost.
struct StatusKeys {
  std::string_view status;
  std::vector<std::string> keys;
};

const std::vector<StatusKeys>& status_keys() {
  static const std::vector<StatusKeys> rows = {{"affected", {"action"}},
                                               {"not_affected", {"justification", "impact"}},
                                               {"fixed", {}},
                                               {"under_investigation", {}},
                                               {"accepted", {"reason", "approver", "until"}}};
  return rows;
}

std::vector<std::string> status_words() {
  std::vector<std::string> words;
  for (const StatusKeys& row : status_keys())
    words.emplace_back(row.status);
  return words;
}

class RowReader {
 public:
  RowReader(Section section, const std::string& by) : row_(std::move(section)), by_(by) {}

  /// Whether the decision can be used.
  bool read(Decision& decision) {
    decision.where = row_.where();
    decision.vulnerability = row_.text("vulnerability", Presence::required);
    decision.component = row_.text("component");
    decision.notes = row_.text("notes");
    decision.by = row_.text("by");
    if (decision.by.empty()) decision.by = by_;
    if (decision.by.empty()) problem("expected who decides, as 'by' of the row or the file", "by");
    const auto purl = parse_purl(decision.component);
    if (!decision.component.empty() && !purl)
      problem(fmt::format("expected a package URL as component, found '{}': {}",
                          quotable(decision.component), purl.error().message),
              "component");
    const auto words = status_words();
    const std::string status = row_.word("status", words, Presence::required);
    read_status(status, decision);
    for (const StatusKeys& one : status_keys())
      if (!status.empty() && one.status != status)
        for (const std::string& key : one.keys)
          if (!row_.any(key).is_null())
            problem(fmt::format("expected '{}' with the status {} alone, found it with {}", key,
                                one.status, status),
                    key);
    row_.finish();
    return is_good_ && !status.empty() && !decision.vulnerability.empty();
  }

 private:
  void problem(std::string message, std::string_view key) {
    row_.problem("decisions.row", std::move(message), key);
    is_good_ = false;
  }

  void read_status(const std::string& status, Decision& decision) {
    if (status == "not_affected") {
      VexStatement::NotAffected clear{row_.word("justification", openvex_justifications()),
                                      row_.text("impact")};
      // A justification that is none was reported when it was read.
      if (!row_.any("justification").is_null() && clear.justification.empty())
        is_good_ = false;
      else if (clear.justification.empty() && clear.impact_statement.empty())
        problem("expected a justification or an impact with not_affected, found neither", "status");
      decision.status = std::move(clear);
    } else if (status == "affected") {
      decision.status = VexStatement::Affected{row_.text("action")};
      if (trim(row_.text("action")).empty())
        problem("expected an action with affected: what users do, found nothing", "status");
    } else if (status == "fixed") {
      decision.status = VexStatement::Fixed{};
    } else if (status == "accepted") {
      decision.status = VexStatement::Affected{row_.text("reason")};
      decision.accepted_by = row_.text("approver");
      decision.accepted_until = row_.day("until");
      for (const char* key : {"reason", "approver", "until"})
        if (trim(row_.text(key)).empty())
          problem(fmt::format("expected '{}' with accepted, found nothing", key), "status");
      if (!decision.accepted_until) is_good_ = false;
    }
  }

  Section row_;
  const std::string& by_;
  bool is_good_ = true;
};

}  // namespace

Result<std::vector<Decision>> read_decisions(std::string_view bytes,
                                             const std::string& path,
                                             Diagnostics& problems) {
  Diagnostics found;
  TRY(const Json tree, parse_yaml(bytes, path, found, product_limits));
  if (tree["lockstep_decisions"].as_int() != 1)
    return fail(ErrorKind::input, "decisions.format",
                fmt::format("expected 'lockstep_decisions: 1', the format that this program reads, "
                            "found {}",
                            describe(tree["lockstep_decisions"])),
                tree.at(path));
  const Source source{path, found};
  Section file(tree, source, "");
  file.any("lockstep_decisions");
  const std::string by = file.text("by");
  std::vector<Decision> decisions;
  const std::size_t count = file.list("decisions").size();
  for (std::size_t i = 0; i < count; ++i) {
    Decision decision;
    if (RowReader(file.element("decisions", i), by).read(decision))
      decisions.push_back(std::move(decision));
  }
  if (tree["decisions"].is_null())
    file.problem("decisions.row", "expected a list 'decisions', found nothing", "decisions");
  file.finish();
  append_in_file_order(problems, found);
  return decisions;
}

std::string write_decisions(std::span<const Decision> decisions) {
  Json rows = Json::array();
  for (const Decision& one : decisions) {
    Json row = Json::object_of({{"vulnerability", one.vulnerability}, {"by", one.by}});
    const auto set = [&row](const char* key, const std::string& value) {
      if (!value.empty()) row.set(key, value);
    };
    set("component", one.component);
    set("notes", one.notes);
    VexStatement statement;
    statement.status = one.status;
    row.set("status", std::string(status_word(statement)));
    if (const auto* clear = std::get_if<VexStatement::NotAffected>(&one.status)) {
      set("justification", clear->justification);
      set("impact", clear->impact_statement);
    } else if (const auto* affected = std::get_if<VexStatement::Affected>(&one.status)) {
      const bool is_accepted = one.accepted_until.has_value();
      set(is_accepted ? "reason" : "action", affected->action_statement);
      if (is_accepted)
        row.set("status", "accepted")
            .set("approver", one.accepted_by)
            .set("until", to_text(*one.accepted_until));
    }
    rows.push(std::move(row));
  }
  return to_pretty_json(
      Json::object_of({{"lockstep_decisions", 1}, {"decisions", std::move(rows)}}));
}

}  // namespace lockstep::formats
