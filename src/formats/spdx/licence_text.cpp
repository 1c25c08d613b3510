// SPDX-License-Identifier: Apache-2.0
#include "formats/spdx/licence_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace lockstep::formats::spdx {
namespace {

constexpr std::string_view listed = "https://spdx.org/licenses/";
constexpr std::string_view unsaid = "NOASSERTION";

/// How tightly the parts of an expression hold together.
enum class Binding { single, with_addition, conjunction, disjunction };

struct Expression {
  std::string text;
  Binding binding = Binding::single;
};

/// The id that a listed licence, or exception, has in the list; "" for others.
std::string listed_id(const std::string& id) {
  return id.starts_with(listed) ? id.substr(id.rfind('/') + 1) : "";
}

/// A name as an expression may hold it.
std::string as_reference(std::string name) {
  if (name == unsaid || name == "NONE") return name;
  for (char& c : name) {
    const bool is_allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!is_allowed) c = '-';
  }
  return name.starts_with("LicenseRef-") ? name : "LicenseRef-" + name;
}

class Writer {
 public:
  explicit Writer(const Nodes& nodes) : nodes_(nodes) {}

  std::string write(const Json& licence) {
    const Expression whole = expression_of(licence, false);
    return is_endless_ ? "" : whole.text;
  }

  std::size_t steps() const { return steps_; }

 private:
  Expression expression_of(const Json& licence, bool is_part) {
    constexpr std::size_t most = 1000;
    constexpr std::size_t deepest = 24;
    if (++steps_ > most || depth_ > deepest) is_endless_ = true;
    if (is_endless_) return {};
    ++depth_;
    Expression expression = expression_of_node(nodes_.resolve(licence), id_of(licence), is_part);
    --depth_;
    if (is_part && expression.text.empty()) return {std::string(unsaid), Binding::single};
    return expression;
  }

  Expression expression_of_node(const Json& node, const std::string& id, bool is_part) {
    const std::string type = text(node, "type");
    if (type == "expandedlicensing_ConjunctiveLicenseSet")
      return joined(node, " AND ", Binding::conjunction);
    if (type == "expandedlicensing_DisjunctiveLicenseSet")
      return joined(node, " OR ", Binding::disjunction);
    if (type == "expandedlicensing_OrLaterOperator")
      return {part(node["expandedlicensing_subjectLicense"], Binding::single) + "+",
              Binding::single};
    if (type == "expandedlicensing_WithAdditionOperator")
      return {part(node["expandedlicensing_subjectExtendableLicense"], Binding::single) + " WITH " +
                  addition(node["expandedlicensing_subjectAddition"]),
              Binding::with_addition};
    if (std::string found = listed_id(id); !found.empty()) return {std::move(found)};
    if (std::string found = text(node, "simplelicensing_licenseExpression"); !found.empty())
      return {std::move(found), Binding::disjunction};
    if (std::string name = text(node, "name"); !name.empty())
      return {is_part ? as_reference(std::move(name)) : std::move(name)};
    if (!node["simplelicensing_licenseText"].is_string()) return {};
    return {is_part ? as_reference(id) : id};
  }

  /// A part as text, in brackets when its own parts hold together less tightly than `around`.
  std::string part(const Json& licence, Binding around) {
    Expression expression = expression_of(licence, true);
    const bool is_one_word = expression.text.find(' ') == std::string::npos;
    if (is_one_word || expression.binding <= around) return std::move(expression.text);
    return "(" + expression.text + ")";
  }

  Expression joined(const Json& node, std::string_view word, Binding binding) {
    std::vector<std::string> parts;
    for (const Json& member : node["expandedlicensing_member"].items())
      parts.push_back(part(member, binding));
    if (parts.empty()) return {};
    return {join(parts, word), binding};
  }

  std::string addition(const Json& value) const {
    const std::string id = id_of(value);
    if (std::string found = listed_id(id); !found.empty()) return found;
    std::string name = text(nodes_.resolve(value), "name");
    return as_reference(name.empty() ? id : std::move(name));
  }

  const Nodes& nodes_;
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
  bool is_endless_ = false;
};

}  // namespace

std::string LicenceTexts::text_of(const Json& licence) {
  if (is_over_limit()) return "";
  const std::string id = id_of(licence);
  auto known = known_.find(id);
  if (id.empty() || known == known_.end()) {
    Writer writer(nodes_);
    std::string text = writer.write(licence);
    parts_ += writer.steps();
    known = known_.insert_or_assign(id, std::move(text)).first;
  }
  bytes_ += known->second.size();
  return is_over_limit() ? "" : known->second;
}

}  // namespace lockstep::formats::spdx
