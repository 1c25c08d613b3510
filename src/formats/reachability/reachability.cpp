// SPDX-License-Identifier: Apache-2.0
#include "formats/reachability/reachability.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/text.hpp"
#include "domain/purl.hpp"
#include "formats/limits.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {

Result<std::vector<Reachability>> read_reachability(std::string_view bytes,
                                                    const std::string& path,
                                                    Diagnostics& problems) {
  Diagnostics found;
  TRY(const Json tree, parse_yaml(bytes, path, found, bom_limits));
  if (tree["lockstep_reachability"].as_int() != 1)
    return fail(ErrorKind::input, "reachability.format",
                fmt::format("expected 'lockstep_reachability: 1', the format that this program "
                            "reads, found {}",
                            describe(tree["lockstep_reachability"])),
                tree.at(path));
  const Source source{path, found};
  Section file(tree, source, "");
  file.any("lockstep_reachability");
  const std::string tool = file.text("tool", Presence::required);
  std::vector<Reachability> entries;
  const std::vector<std::string> words = {"yes", "no", "unknown"};
  const std::size_t count = file.list("entries").size();
  for (std::size_t i = 0; i < count; ++i) {
    Section one = file.element("entries", i);
    Reachability entry;
    entry.component = one.text("component", Presence::required);
    entry.vulnerability = one.text("vulnerability", Presence::required);
    entry.reachable = one.word("reachable", words, Presence::required);
    entry.because = one.text("because");
    entry.tool = tool;
    one.finish();
    const auto purl = parse_purl(entry.component);
    if (!purl && !entry.component.empty())
      one.problem("reachability.entry",
                  fmt::format("expected the package URL of a component, found '{}': {}",
                              quotable(entry.component), purl.error().message),
                  "component");
    if (purl && !entry.vulnerability.empty() && !entry.reachable.empty())
      entries.push_back(std::move(entry));
  }
  file.finish();
  append_in_file_order(problems, found);
  return entries;
}

}  // namespace lockstep::formats
