// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "regulations/checks/checks.hpp"
#include "regulations/checks/fold.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view folder = "checks/";
constexpr std::string_view languages_folder = "checks/languages/";
constexpr std::string_view sign_keys[] = {"sign", "means", "value", "words"};
constexpr std::string_view kind_keys[] = {"kind", "means", "also", "by_sign"};
constexpr std::string_view language_keys[] = {"language", "name",  "months",
                                              "common",   "signs", "headings"};
constexpr std::string_view rule_keys[] = {"id",   "rule", "sign",  "kind",
                                          "says", "ask",  "cites", "applies_when"};
constexpr std::string_view check_keys[] = {"check", "title", "role", "items", "meanwhile", "keep"};
constexpr std::string_view item_keys[] = {"id",       "says",      "sides", "applies_when", "look",
                                          "is_asked", "hint_only", "whom",  "ask"};
constexpr std::string_view side_keys[] = {"requirement", "cites", "differs"};
constexpr std::string_view look_keys[] = {"in", "for", "in_each"};
constexpr std::string_view duty_keys[] = {"requirement", "says"};

constexpr SignValue values[] = {SignValue::none,   SignValue::label,   SignValue::month,
                                SignValue::day,    SignValue::contact, SignValue::url,
                                SignValue::number4};
constexpr ContradictionRule::Kind rules[] = {
    ContradictionRule::Kind::differ,       ContradictionRule::Kind::in_past,
    ContradictionRule::Kind::has_sign,     ContradictionRule::Kind::without_value,
    ContradictionRule::Kind::other_act,    ContradictionRule::Kind::other_name,
    ContradictionRule::Kind::other_version};

class Loader {
 public:
  Loader(const Ruleset& law, Diagnostics& problems) : law_(law), problems_(problems) {}

  Checks load(std::span<const SourceFile> files) {
    const auto role = law_.fact_index.find("actor.role");
    if (role != law_.fact_index.end()) checks_.role_fact = role->second;
    for (const SourceFile& file : files)
      if (file.path == "checks/signs.yaml") read_signs(file);
    for (const SourceFile& file : files)
      if (file.path.starts_with(languages_folder)) read_language(file);
    for (const SourceFile& file : files) {
      if (file.path == "checks/contradictions.yaml") read_contradictions(file);
      if (is_check(file.path)) read_check(file);
    }
    std::ranges::sort(checks_.languages, {}, &Language::id);
    std::ranges::sort(checks_.checks, {}, &Check::id);
    check_words();
    return std::move(checks_);
  }

 private:
  static bool is_check(std::string_view path) {
    return path.starts_with(folder) && !path.starts_with(languages_folder) &&
           path != "checks/signs.yaml" && path != "checks/contradictions.yaml";
  }

  /// The index of the row that has the word as its id, or -1 after a report.
  template <typename Row>
  int find(Reader& reader,
           const std::vector<Row>& rows,
           std::string_view what,
           const std::string& word,
           const Json& at) {
    const auto found = std::ranges::find(rows, word, &Row::id);
    if (found != rows.end()) return static_cast<int>(found - rows.begin());
    std::vector<std::string> candidates;
    for (const Row& row : rows)
      candidates.push_back(row.id);
    reader.error("check.word",
                 fmt::format("'{}' is no {}{}", quotable(word), what, suggestion(word, candidates)),
                 at);
    return -1;
  }

  template <typename Row>
  std::vector<int> find_all(Reader& reader,
                            const std::vector<Row>& rows,
                            std::string_view what,
                            const Json& node,
                            std::string_view key) {
    std::vector<int> found;
    for (const std::string& word : reader.texts(node, key))
      if (const int i = find(reader, rows, what, word, node[key]); i >= 0) found.push_back(i);
    return found;
  }

  /// One of the words of an enumeration, or the first after a report.
  template <typename Value, std::size_t count>
  Value word_of(Reader& reader, const Value (&all)[count], const Json& node, std::string_view key) {
    const std::string word = reader.text(node, key);
    std::vector<std::string> candidates;
    for (const Value one : all) {
      if (to_text(one) == word) return one;
      candidates.emplace_back(to_text(one));
    }
    if (!word.empty())
      reader.error(
          "check.word",
          fmt::format("expected one of {} under '{}', found '{}'{}", join(candidates, ", "), key,
                      quotable(word), suggestion(word, candidates)),
          node[key]);
    return all[0];
  }

  std::vector<std::string> folded(Reader& reader, const Json& node, std::string_view key) {
    std::vector<std::string> words;
    for (const std::string& text : reader.texts(node, key)) {
      words.push_back(fold(text));
      if (words.back().size() < 3)
        reader.error("check.short",
                     fmt::format("expected words of three letters or more under "
                                 "'{}', found '{}'",
                                 key, quotable(text)),
                     node[key]);
    }
    return words;
  }

  void read_signs(const SourceFile& file) {
    Reader reader(file.path, problems_);
    constexpr std::string_view keys[] = {"signs", "kinds"};
    reader.only(file.tree, keys);
    for (const Json& node : reader.list(file.tree, "signs")) {
      reader.only(node, sign_keys);
      Sign sign;
      sign.id = reader.text(node, "sign");
      sign.means = reader.text(node, "means");
      sign.where = reader.at(node);
      if (node.find("value") != nullptr) sign.value = word_of(reader, values, node, "value");
      sign.words = folded(reader, node, "words");
      if (checks_.sign(sign.id) >= 0)
        reader.error("regulation.duplicate", fmt::format("'{}' is already there", sign.id), node);
      checks_.signs.push_back(std::move(sign));
    }
    for (const Json& node : reader.list(file.tree, "kinds")) {
      reader.only(node, kind_keys);
      DocumentKind kind;
      kind.id = reader.text(node, "kind");
      kind.means = reader.text(node, "means");
      kind.also = find_all(reader, checks_.signs, "sign", node, "also");
      kind.by_sign = find_all(reader, checks_.signs, "sign", node, "by_sign");
      if (checks_.kind(kind.id) >= 0)
        reader.error("regulation.duplicate", fmt::format("'{}' is already there", kind.id), node);
      checks_.kinds.push_back(std::move(kind));
    }
  }

  void read_language(const SourceFile& file) {
    Reader reader(file.path, problems_);
    reader.only(file.tree, language_keys);
    Language language;
    language.id = reader.text(file.tree, "language");
    language.name = reader.text(file.tree, "name");
    language.common = folded_short(reader, file.tree, "common");
    const auto months = folded_short(reader, file.tree, "months");
    if (months.size() != language.months.size())
      reader.error("check.months", fmt::format("expected twelve months, found {}", months.size()),
                   file.tree["months"]);
    std::copy_n(months.begin(), std::min(months.size(), language.months.size()),
                language.months.begin());
    for (const auto& [id, words] : file.tree["signs"].members())
      if (const int sign = find(reader, checks_.signs, "sign", id, words); sign >= 0)
        language.signs[sign] = folded(reader, file.tree["signs"], id);
    for (const auto& [id, words] : file.tree["headings"].members())
      if (const int kind = find(reader, checks_.kinds, "kind of document", id, words); kind >= 0)
        language.headings[kind] = folded(reader, file.tree["headings"], id);
    if (std::ranges::find(checks_.languages, language.id, &Language::id) != checks_.languages.end())
      reader.error("regulation.duplicate", fmt::format("'{}' is already there", language.id),
                   file.tree);
    checks_.languages.push_back(std::move(language));
  }

  std::vector<std::string> folded_short(Reader& reader, const Json& node, std::string_view key) {
    std::vector<std::string> words = reader.texts(node, key);
    if (words.empty())
      reader.error("regulation.missing_key", fmt::format("expected a list under '{}'", key), node);
    for (std::string& word : words)
      word = fold(word);
    return words;
  }

  /// Every sign that a language must have words for has some in each.
  void check_words() {
    for (const Sign& sign : checks_.signs) {
      if (!sign.words.empty()) continue;
      for (const Language& language : checks_.languages) {
        if (language.signs.contains(checks_.sign(sign.id))) continue;
        problems_.error("check.words",
                        fmt::format("{} has no words for the sign '{}'; add some to {}{}.yaml",
                                    language.name, sign.id, languages_folder, language.id),
                        sign.where);
      }
    }
  }

  int requirement(Reader& reader, const Json& node) {
    const std::string id = reader.text(node, "requirement");
    return id.empty() ? -1
                      : find(reader, law_.requirements, "requirement", id, node["requirement"]);
  }

  /// Whether the law lists the provision, or one that it stands below.
  bool is_listed(const std::string& act, std::string_view path) const {
    while (!path.empty()) {
      if (law_.find_provision(act, path) != nullptr) return true;
      path = path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/'));
    }
    return false;
  }

  void check_cite(Reader& reader, const std::string& act, const std::string& path, const Json& at) {
    if (is_listed(act, path)) return;
    reader.error("regulation.citation",
                 fmt::format("'{}' is neither among the provisions of {} nor below one",
                             quotable(path), act.empty() ? "any act" : act),
                 at);
  }

  ItemSide read_side(Reader& reader, const Json& node) {
    reader.only(node, side_keys);
    ItemSide side;
    side.requirement = requirement(reader, node);
    side.cites = reader.texts(node, "cites");
    side.differs = reader.optional_text(node, "differs");
    if (side.cites.empty())
      reader.error("regulation.missing_key", "expected 'cites', the provisions of the item", node);
    if (side.requirement < 0) return side;
    const int act = law_.requirements[static_cast<std::size_t>(side.requirement)].act;
    for (const std::string& cite : side.cites)
      check_cite(reader, law_.acts[static_cast<std::size_t>(act)].id, cite, node["cites"]);
    return side;
  }

  ItemRule read_item(Reader& reader, const Json& node, const Check& check) {
    reader.only(node, item_keys);
    ItemRule item;
    item.id = reader.text(node, "id");
    item.says = reader.text(node, "says");
    item.ask = reader.text(node, "ask");
    item.where = reader.at(node);
    item.is_asked = reader.truth(node, "is_asked") == Truth::yes;
    item.hint_only = reader.truth(node, "hint_only") == Truth::yes;
    const std::string whom = reader.optional_text(node, "whom");
    item.asks_supplier = whom != "us";
    if (!whom.empty() && whom != "us" && whom != "supplier")
      reader.error("check.word",
                   fmt::format("expected us or supplier under 'whom', found '{}'", quotable(whom)),
                   node["whom"]);
    if (!item.id.empty() && !item.id.starts_with(check.id + "."))
      reader.error("check.id",
                   fmt::format("expected an id that begins with '{}.', found '{}'", check.id,
                               quotable(item.id)),
                   node["id"]);
    if (node.find("applies_when") != nullptr)
      item.applies_when = read_condition(node["applies_when"], law_, reader);
    for (const Json& side : reader.list(node, "sides"))
      item.sides.push_back(read_side(reader, side));
    if (item.sides.empty())
      reader.error("regulation.missing_key", "expected 'sides', one for each act", node);
    for (const Json& row : reader.list(node, "look")) {
      reader.only(row, look_keys);
      Look look;
      look.kinds = find_all(reader, checks_.kinds, "kind of document", row, "in");
      look.signs = find_all(reader, checks_.signs, "sign", row, "for");
      look.in_each = reader.truth(row, "in_each") == Truth::yes;
      if (look.kinds.empty() && look.signs.empty())
        reader.error("regulation.missing_key", "expected 'in' or 'for', or both", row);
      item.look.push_back(std::move(look));
    }
    if (checks_.find_item(item.id) != nullptr ||
        std::ranges::find(check.items, item.id, &ItemRule::id) != check.items.end())
      reader.error("regulation.duplicate", fmt::format("'{}' is already there", item.id), node);
    return item;
  }

  std::vector<DutyRule> read_duties(Reader& reader, const Json& node, std::string_view key) {
    std::vector<DutyRule> duties;
    for (const Json& row : reader.list(node, key)) {
      reader.only(row, duty_keys);
      duties.push_back({requirement(reader, row), reader.text(row, "says")});
    }
    return duties;
  }

  void read_check(const SourceFile& file) {
    Reader reader(file.path, problems_);
    reader.only(file.tree, check_keys);
    Check check;
    check.id = reader.text(file.tree, "check");
    check.title = reader.text(file.tree, "title");
    check.role = reader.text(file.tree, "role");
    const FactDefinition* fact = law_.find_fact("actor.role");
    if (fact != nullptr && !check.role.empty() && !word_index(*fact, check.role))
      reader.error("regulation.word",
                   fmt::format("'{}' is no word of actor.role", quotable(check.role)),
                   file.tree["role"]);
    for (const Json& node : reader.list(file.tree, "items"))
      check.items.push_back(read_item(reader, node, check));
    check.meanwhile = read_duties(reader, file.tree, "meanwhile");
    check.keep = read_duties(reader, file.tree, "keep");
    checks_.checks.push_back(std::move(check));
  }

  void read_contradictions(const SourceFile& file) {
    Reader reader(file.path, problems_);
    constexpr std::string_view keys[] = {"taken_to_apply", "contradictions"};
    reader.only(file.tree, keys);
    checks_.taken_to_apply = find_all(reader, law_.acts, "act", file.tree, "taken_to_apply");
    for (const Json& node : reader.list(file.tree, "contradictions")) {
      reader.only(node, rule_keys);
      ContradictionRule rule;
      rule.id = reader.text(node, "id");
      rule.rule = word_of(reader, rules, node, "rule");
      if (node.find("sign") != nullptr)
        rule.sign = find(reader, checks_.signs, "sign", reader.text(node, "sign"), node["sign"]);
      if (node.find("kind") != nullptr)
        rule.kind = find(reader, checks_.kinds, "kind of document", reader.text(node, "kind"),
                         node["kind"]);
      check_shape(reader, node, rule);
      if (node.find("applies_when") != nullptr)
        rule.applies_when = read_condition(node["applies_when"], law_, reader);
      rule.says = reader.text(node, "says");
      rule.ask = reader.text(node, "ask");
      for (const std::string& cite : reader.texts(node, "cites")) {
        const Citation citation = citation_of(cite);
        check_cite(reader, citation.act, citation.path, node["cites"]);
        rule.cites.push_back(citation);
      }
      if (rule.cites.empty()) reader.error("regulation.missing_key", "expected 'cites'", node);
      checks_.contradictions.push_back(std::move(rule));
    }
  }

  static bool needs_kind(ContradictionRule::Kind rule) {
    return rule != ContradictionRule::Kind::differ && rule != ContradictionRule::Kind::in_past &&
           rule != ContradictionRule::Kind::without_value;
  }

  void check_shape(Reader& reader, const Json& node, const ContradictionRule& rule) {
    if (rule.sign < 0 && node.find("sign") == nullptr)
      reader.error("regulation.missing_key", "expected 'sign'", node);
    if (needs_kind(rule.rule) && rule.kind < 0 && node.find("kind") == nullptr)
      reader.error("regulation.missing_key",
                   fmt::format("expected 'kind' for the rule {}", to_text(rule.rule)), node);
  }

  const Ruleset& law_;
  Diagnostics& problems_;
  Checks checks_;
};

}  // namespace

Checks load_checks(std::span<const SourceFile> files, const Ruleset& law, Diagnostics& problems) {
  return Loader(law, problems).load(files);
}

}  // namespace lockstep::regulations
