// SPDX-License-Identifier: Apache-2.0
#include "app/case_clock.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "app/embedded_law.hpp"
#include "documents/json/clocks.hpp"
#include "formats/event/event.hpp"
#include "regulations/clocks.hpp"

namespace lockstep::app {
namespace {

constexpr std::uint64_t event_bytes_max = std::uint64_t{4} << 20U;

}  // namespace

Result<ClockData> embedded_clocks() {
  TRY(auto trees, embedded_trees(""));
  std::erase_if(trees, [](const regulations::SourceFile& file) {
    return file.path.find("cases/") != std::string::npos;
  });
  Diagnostics problems;
  ClockData data;
  data.law = embedded_law();
  data.rules = regulations::load_clocks(trees, data.law, problems);
  data.calendars = regulations::load_calendars(trees, problems);
  for (const Diagnostic& entry : problems.entries())
    return fail(ErrorKind::internal, entry.code, entry.message, entry.where);
  return data;
}

Result<ClockView> case_clock(const std::string& event_file,
                             Instant as_of,
                             const Files& files,
                             Diagnostics& problems) {
  TRY(const ClockData data, embedded_clocks());
  TRY(const std::string bytes, files.read(event_file, event_bytes_max));
  TRY(const Event event, formats::read_event(bytes, event_file, problems));
  regulations::check_event(event, data.law, data.rules, data.calendars, problems);
  if (problems.has_errors())
    return fail(ErrorKind::input, "input.problems",
                fmt::format("expected an event without problems, found {}; nothing was computed",
                            problems.error_count()),
                {event_file, 0, 0});
  return regulations::run_clocks(event, data.law, data.rules, data.calendars, as_of);
}

std::string clocks_document(const ClockView& view, int exit) {
  return to_pretty_json(documents::clocks_json(view, exit));
}

}  // namespace lockstep::app
