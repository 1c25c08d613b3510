// SPDX-License-Identifier: Apache-2.0
// The names inside a product file hold together: ids are unique within their list, controls and
// `handling` name evidence that exists, risks name controls that exist.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "formats/product/parts.hpp"

namespace lockstep::formats {
namespace {

class Ids {
 public:
  Ids(std::string list, const Source& source) : list_(std::move(list)), source_(source) {}

  void add(const std::string& id, const Json& at) {
    if (id.empty()) return;
    const auto [earlier, is_new] = lines_.emplace(id, at.line());
    if (is_new) return names_.push_back(id);
    source_.problems.error("product.duplicate",
                           fmt::format("expected each id of '{}' once, found '{}' again (line {})",
                                       list_, quotable(id), earlier->second),
                           at.at(source_.path));
  }

  void need(const std::string& id, const Json& at) const {
    if (id.empty() || lines_.contains(id)) return;
    source_.problems.error("product.reference",
                           fmt::format("expected the id of an entry of '{}', found '{}'{}", list_,
                                       quotable(id), suggestion(id, names_)),
                           at.at(source_.path));
  }

 private:
  std::string list_;
  const Source& source_;
  std::map<std::string, int> lines_;
  std::vector<std::string> names_;
};

Ids ids_of(const Json& list, std::string name, const Source& source) {
  Ids ids(std::move(name), source);
  for (const Json& entry : list.items())
    ids.add(entry["id"].string_or(""), entry["id"]);
  return ids;
}

}  // namespace

void check_references(const Json& file, const Source& source) {
  ids_of(file["models"], "models", source);
  Ids tests("evasion", source);
  for (const Json& model : file["models"].items())
    for (const Json& test : model["evasion"].items())
      tests.add(test["id"].string_or(""), test["id"]);
  const Ids evidence = ids_of(file["evidence"], "evidence", source);
  const Ids controls = ids_of(file["controls"], "controls", source);
  ids_of(file["risks"], "risks", source);
  evidence.need(file["handling"]["evidence"].string_or(""), file["handling"]["evidence"]);
  for (const Json& control : file["controls"].items())
    evidence.need(control["evidence"].string_or(""), control["evidence"]);
  for (const Json& risk : file["risks"].items())
    for (const Json& control : risk["controls"].items())
      controls.need(control.string_or(""), control);
}

}  // namespace lockstep::formats
