// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/commands/data_answers.hpp"

#include <fmt/format.h>

#include "frontends/cli/table.hpp"

namespace lockstep::frontends {

Json source_json(const DataSource& source) {
  return Json::object_of({{"source", source.source},
                          {"as_of", source.as_of},
                          {"entries", source.entries},
                          {"later", source.later},
                          {"sha256", source.sha256}});
}

Json sources_json(const std::vector<DataSource>& sources) {
  Json rows = Json::array();
  for (const DataSource& source : sources)
    rows.push(source_json(source));
  return rows;
}

std::string sources_text(const std::vector<DataSource>& sources, int width) {
  Table table({"Source", "Entries", "Newest"});
  for (const DataSource& source : sources)
    table.add({source.source, std::to_string(source.entries), source.as_of});
  return table.to_text(width);
}

Diagnostics shortened(const Diagnostics& problems) {
  constexpr int shown_max = 10;
  Diagnostics kept;
  int others = 0;
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity == Severity::error || ++others <= shown_max) kept.add(entry);
  if (others > shown_max)
    kept.note("data.more", fmt::format("{} more warnings and notes; `lockstep validate FILE --as "
                                       "osv` shows those of one record",
                                       others - shown_max));
  return kept;
}

}  // namespace lockstep::frontends
