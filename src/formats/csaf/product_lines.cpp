// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/product_lines.hpp"

#include <algorithm>

namespace lockstep::formats::csaf {
namespace {

bool names_version(std::string_view category) {
  return category == "product_version" || category == "product_version_range" ||
         category == "patch_level" || category == "service_pack";
}

std::string line_of(const Branch* branch) {
  std::string line;
  for (; branch != nullptr; branch = branch->parent)
    if (!names_version(branch->category)) {
      line += branch->category;
      line += '=';
      line += branch->name;
      line += '\n';
    }
  return line;
}

}  // namespace

ProductLines::ProductLines(const View& view) {
  for (const Product& product : view.products)
    if (product.branch != nullptr) {
      const std::string line = line_of(product.branch);
      lines_.emplace(product.id, Line{line, line});
    }
  // Paths may be made of earlier ones.
  for (const Json& path : view.tree["product_paths"].items())
    add_path(path);
}

void ProductLines::add_path(const Json& path) {
  const auto beginning = lines_.find(text(path["beginning_product_reference"]));
  if (beginning == lines_.end()) return;
  constexpr std::size_t longest = 1 << 16U;
  Line line{beginning->second.whole, ""};
  for (const Json& step : path["subpaths"].items()) {
    const auto next = lines_.find(text(step["next_product_reference"]));
    if (next == lines_.end() || line.whole.size() > longest) return;
    if (text(step["category"]) == "installed_with") line.shortened = line.whole;
    line.whole += '[';
    line.whole += text(step["category"]);
    line.whole += ']';
    line.whole += next->second.whole;
  }
  if (line.shortened.empty()) line.shortened = line.whole;
  lines_.emplace(text(path["full_product_name"]["product_id"]), std::move(line));
}

ProductLines::Group ProductLines::of_group(const View& view,
                                           const Json& vulnerability,
                                           StatusGroup wanted) const {
  Group group;
  for (const auto& [id, status] : view.statuses_of(vulnerability)) {
    if (status != wanted) continue;
    const auto line = lines_.find(id);
    if (line == lines_.end()) {
      group.has_unknown = true;
    } else {
      group.lines.insert(line->second.whole);
      group.shortened.insert(line->second.shortened);
    }
  }
  return group;
}

bool ProductLines::has_counterpart(std::string_view id, const Group& group, Look look) const {
  if (group.has_unknown) return true;
  const auto line = lines_.find(id);
  if (line == lines_.end()) return !group.lines.empty();
  if (group.lines.contains(line->second.whole)) return true;
  // What is fixed with a product beside it may be affected without that one.
  return look == Look::for_affected ? group.lines.contains(line->second.shortened)
                                    : group.shortened.contains(line->second.whole);
}

}  // namespace lockstep::formats::csaf
