// SPDX-License-Identifier: Apache-2.0
#include "formats/left_out.hpp"

#include <map>
#include <set>

namespace lockstep::formats {
namespace {

class Walk {
 public:
  explicit Walk(std::span<const std::string_view> kept) {
    for (std::string_view path : kept) {
      const bool is_whole = path.ends_with('*');
      if (is_whole) path.remove_suffix(1);
      if (path.ends_with('.')) path.remove_suffix(1);
      if (is_whole) whole_.emplace(path);
      // Every step on the way to a kept path is kept itself.
      for (std::size_t end = path.find_first_of(".["); end != std::string_view::npos;
           end = path.find_first_of(".[", end + 1))
        kept_.emplace(path.substr(0, end));
      kept_.emplace(path);
      if (path.ends_with("[]")) kept_.emplace(path.substr(0, path.size() - 2));
    }
  }

  /// The depth is bounded by the limits of the reader.
  void visit(const Json& node, const std::string& path) {
    if (whole_.contains(path)) return;
    for (const auto& [key, member] : node.members()) {
      const bool is_nested = key == "components" && path.ends_with("components[]");
      const std::string inner = is_nested      ? path.substr(0, path.size() - 2)
                                : path.empty() ? key
                                               : path + "." + key;
      if (kept_.contains(inner))
        visit(member, inner);
      else
        ++counts_[inner];
    }
    for (const Json& element : node.items())
      visit(element, path + "[]");
  }

  std::vector<LeftOut> take() const {
    std::vector<LeftOut> list;
    for (const auto& [what, count] : counts_)
      list.push_back({what, count});
    return list;
  }

 private:
  std::set<std::string, std::less<>> kept_;
  std::set<std::string, std::less<>> whole_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace

std::vector<LeftOut> left_out_of(const Json& tree, std::span<const std::string_view> kept) {
  Walk walk(kept);
  walk.visit(tree, "");
  return walk.take();
}

}  // namespace lockstep::formats
