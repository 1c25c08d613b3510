// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/run.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "frontends/cli/parse.hpp"
#include "frontends/cli/settings.hpp"

namespace lockstep::frontends {
namespace {

/// Whether the words ask for JSON, looked up before they are parsed so that usage errors obey too.
bool asks_for_json(std::span<const std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--format=json") return true;
    if (words[i] == "--format" && i + 1 < words.size() && words[i + 1] == "json") return true;
  }
  return false;
}

/// One row of data/schemas/lockstep/error.schema.json.
Json to_json(const Diagnostic& entry) {
  Json row =
      Json::object_of({{"code", entry.code}, {"message", entry.message}, {"severity", "error"}});
  if (!entry.where.file.empty()) row.set("file", entry.where.file);
  if (entry.where.line > 0) row.set("line", entry.where.line);
  if (entry.where.column > 0) row.set("column", entry.where.column);
  return row;
}

std::string error_document(const Diagnostics& problems, int exit) {
  Json errors = Json::array();
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity == Severity::error) errors.push(to_json(entry));
  return to_pretty_json(Json::object_of(
      {{"schema", "lockstep/error/1"}, {"errors", std::move(errors)}, {"exit", exit}}));
}

std::string problem_lines(const Diagnostics& problems) {
  std::string text;
  for (const Diagnostic& entry : problems.entries())
    text += to_text(entry) + "\n";
  if (problems.dropped() > 0)
    text += fmt::format("and {} more problems, not shown\n", problems.dropped());
  return text;
}

Printed failed(const Diagnostics& problems, int exit, bool is_json) {
  Printed printed{exit, {}, problem_lines(problems)};
  if (is_json) printed.output = error_document(problems, exit);
  return printed;
}

Printed failed(const Error& error, bool is_json) {
  Diagnostics problems;
  problems.add(error);
  Printed printed = failed(problems, exit_code_of(error.kind), is_json);
  printed.problems = to_text(error) + "\n";
  return printed;
}

/// Whether -o names the folder or file of the command's own documents, not of its answer.
bool writes_itself(const Command& command) {
  return command.name == "assess" || command.name == "docs build" || command.name == "init";
}

/// Says nothing of the work, but still hears that the person wants to stop.
class SilentProgress final : public Progress {
 public:
  explicit SilentProgress(const Progress& loud) : loud_(loud) {}

  bool is_cancelled() const override { return loud_.is_cancelled(); }

 private:
  const Progress& loud_;
};

Printed run_call(const Call& call, Environment& environment, bool is_json) {
  auto outcome = call.command->run(call.arguments, environment);
  if (!outcome) return failed(outcome.error(), is_json);
  if (outcome->text.empty() && outcome->problems.has_errors())
    return failed(outcome->problems, outcome->exit, is_json);
  Printed printed{outcome->exit, std::move(outcome->text), problem_lines(outcome->problems),
                  std::move(outcome->more)};
  const std::string path = call.arguments.text("--output");
  if (path.empty() || writes_itself(*call.command)) return printed;
  TextPieces pieces = std::exchange(printed.more, {});
  pieces.insert(pieces.begin(), std::exchange(printed.output, {}));
  if (auto written = environment.files.write_pieces(path, pieces); !written)
    return failed(written.error(), is_json);
  return printed;
}

/// Paths are UTF-8, and what is no UTF-8 could stand in no JSON document.
Result<> check_encoding(std::span<const std::string> words) {
  const auto other =
      std::ranges::find_if_not(words, [](const auto& word) { return is_utf8(word); });
  if (other == words.end()) return {};
  return fail(ErrorKind::usage, "usage.encoding",
              fmt::format("expected arguments in UTF-8, found '{}'; rename the file, or write the "
                          "argument again",
                          quotable(*other)));
}

Printed run_words(std::span<const std::string> words, Environment& environment, bool is_json) {
  if (const auto checked = check_encoding(words); !checked) return failed(checked.error(), is_json);
  auto parsed = parse(words);
  if (!parsed) return failed(parsed.error(), is_json);
  if (const auto* show = std::get_if<Show>(&*parsed)) return {exit_code::ok, show->text, {}};
  Call call = std::get<Call>(*parsed);
  auto merged = with_settings(*call.command, call.arguments, environment);
  if (!merged) return failed(merged.error(), is_json);
  // `config show` tells what was said where, so it needs the arguments as they were given.
  if (call.command->name != "config show") call.arguments = *merged;
  const std::string color = merged->text("--color", "auto");
  if (color != "auto") environment.color = color == "always";
  SilentProgress silent(environment.progress);
  const bool is_silent = merged->has("--quiet") || merged->has("--no-progress");
  Environment quiet{environment.files,
                    environment.fetcher,
                    is_silent ? static_cast<Progress&>(silent) : environment.progress,
                    environment.now,
                    environment.program_folder,
                    environment.variables,
                    environment.color,
                    environment.width,
                    environment.is_interactive,
                    environment.ask};
  Printed printed = run_call(call, quiet, is_json || merged->is_json());
  if (merged->has("--quiet") && printed.exit == exit_code::ok) printed.problems.clear();
  return printed;
}

}  // namespace

Printed run(std::span<const std::string> words, Environment& environment) {
  const bool is_json = asks_for_json(words);
  Printed printed;
  try {
    printed = run_words(words, environment, is_json);
  } catch (const std::exception& exception) {
    printed = failed(Error{ErrorKind::internal,
                           "internal.fault",
                           fmt::format("lockstep itself went wrong ({}); please report it with the "
                                       "command and the inputs",
                                       exception.what()),
                           {},
                           {}},
                     is_json);
  }
  // Names in foreign files reach what is printed; a terminal must show them, not obey them.
  printed.output = printable(std::move(printed.output));
  printed.problems = printable(std::move(printed.problems));
  return printed;
}

}  // namespace lockstep::frontends
