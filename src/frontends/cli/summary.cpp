// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/summary.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/baseline.hpp"
#include "base/text.hpp"
#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr std::size_t blockers_shown = 10;

std::string title(const Dossier& dossier) {
  std::string text = fmt::format("{} {}, as of {}\n", quotable(dossier.product.name),
                                 quotable(dossier.product.version), to_text(dossier.as_of));
  text += fmt::format("run {}, seed {}, lockstep {}\n", dossier.run_id.substr(0, 12), dossier.seed,
                      dossier.tool_version);
  for (const DataSource& source : dossier.data)
    text += fmt::format("{}: {} entries, {}\n", source.source, source.entries, newest_of(source));
  return text;
}

std::string codes(const ScopeCodes& found) {
  const auto list = [](const std::vector<std::string>& words_of) {
    return words_of.empty() ? std::string("unknown") : join(words_of, ", ");
  };
  return fmt::format("CRA {} (routes {}); AI Act {}; NIS2 {}; CRA Article 12: {}\n",
                     list(found.cra),
                     (found.cra_routes.empty() ? "none of its own" : list(found.cra_routes)),
                     list(found.ai_act), list(found.nis2), found.article_12);
}

std::string area_table(const Dossier& dossier, const Environment& environment) {
  Table table({"Area", "State", "Count", "Worst"});
  for (const AreaVerdict& area : dossier.areas)
    table.add({area.area, std::string(words(area.state)), std::to_string(area.count), area.worst});
  return table.to_text(environment.width);
}

std::string baseline(const Dossier& dossier) {
  if (!dossier.since_baseline) return {};
  std::string text = "\nFindings " + app::baseline_words(*dossier.since_baseline) + "\n";
  for (const std::string& name : dossier.since_baseline->fresh)
    text += "  new: " + quotable(name) + "\n";
  return text;
}

std::string blocking(const Dossier& dossier, const Environment& environment) {
  if (dossier.blockers.empty()) return {};
  std::string text = "\nWhat stops a release, or waits for a person:\n";
  const std::size_t shown = std::min(blockers_shown, dossier.blockers.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Blocker& blocker = dossier.blockers[i];
    const std::string line =
        fmt::format("{}  {}  {}", words(blocker.state), blocker.id, quotable(blocker.says, 300));
    text += "  " + wrap(line, static_cast<std::size_t>(environment.width), 4) + "\n";
  }
  if (shown < dossier.blockers.size())
    text += fmt::format("  and {} more, in the report\n", dossier.blockers.size() - shown);
  return text;
}

std::string not_checked(const Dossier& dossier, const Environment& environment) {
  if (dossier.not_checked.empty()) return {};
  std::string text = "\nNot checked, and why:\n";
  for (const NotChecked& item : dossier.not_checked)
    text += "  " +
            wrap(fmt::format("{}: {}", item.what, item.reason),
                 static_cast<std::size_t>(environment.width), 4) +
            "\n";
  return text;
}

std::string next_steps(const Dossier& dossier) {
  std::string text = "\nNext:\n";
  if (!dossier.blockers.empty())
    text += fmt::format("  lockstep explain {}\n", dossier.blockers.front().id);
  text += "  lockstep risk list\n  lockstep evidence verify\n";
  return text;
}

}  // namespace

std::string newest_of(const DataSource& source) {
  std::string text = "newest " + (source.as_of.empty() ? "unknown" : source.as_of);
  if (source.later > 0)
    text += fmt::format(" ({} dated later than the day of judgement)", source.later);
  return text;
}

std::string share(const Accuracy& accuracy) {
  if (accuracy.total == 0) return "no samples";
  return fmt::format(
      "{} of {}, {:.1f} % (95 % interval {:.1f} to {:.1f} %)", accuracy.correct, accuracy.total,
      100.0 * static_cast<double>(accuracy.correct) / static_cast<double>(accuracy.total),
      100 * accuracy.interval95.low, 100 * accuracy.interval95.high);
}

std::string digest_words(const FileRef& file) {
  return file.sha256.empty() ? "a service, which has no digest"
                             : "sha256 " + file.sha256.substr(0, 16);
}

std::string answered_words(const AnsweredBy& answered_by, int width) {
  return wrap(fmt::format("device {}, answered by {}\n", answered_by.device,
                          quotable(answered_by.engine, 400)),
              static_cast<std::size_t>(width));
}

std::string exit_words(int exit) {
  switch (exit) {
    case exit_code::ok:
      return "0, no gate failed";
    case exit_code::gate_failed:
      return "1, a gate failed";
    case exit_code::incomplete:
      return "4, incomplete: something needed was not checked";
    case exit_code::human:
      return "5, a person's decision is missing";
    default:
      return std::to_string(exit);
  }
}

std::string summary(const Dossier& dossier,
                    const app::Written& written,
                    const Environment& environment) {
  std::string text = title(dossier) + codes(dossier.law.codes) + "\n" +
                     area_table(dossier, environment) + baseline(dossier) +
                     blocking(dossier, environment) + not_checked(dossier, environment);
  if (!written.files.empty()) text += "\nWritten:\n";
  for (const std::string& file : written.files)
    text += "  " + file + "\n";
  text += fmt::format("\nEvidence: {} rows{}, head {}\n", written.evidence_rows,
                      written.is_repeat ? " (this very run was there already)" : "",
                      written.chain_head);
  return text + next_steps(dossier) + "\nexit " + exit_words(dossier.exit) + "\n";
}

}  // namespace lockstep::frontends
