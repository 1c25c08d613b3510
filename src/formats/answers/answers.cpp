// SPDX-License-Identifier: Apache-2.0
#include "formats/answers/answers.hpp"

#include <fmt/format.h>

#include "formats/limits.hpp"
#include "formats/product/section.hpp"

namespace lockstep::formats {
namespace {

CheckAnswer read_answer(const Json& node, const std::string& id, const Source& source) {
  CheckAnswer answer;
  Section row(node, source, id);
  answer.where = row.where();
  const Json& word = row.any("answer");
  if (const auto said = word.as_bool()) {
    answer.answer = truth_of(*said);
  } else if (word.string_or("") != "unknown") {
    row.problem("answers.word",
                fmt::format("expected yes, no or unknown as the answer, found {}", describe(word)),
                "answer");
  }
  answer.by = row.text("by", Presence::required);
  if (const auto on = row.day("on"))
    answer.on = *on;
  else if (row.any("on").is_null())
    row.problem("product.required", fmt::format("expected '{}.on', the day of the answer", id),
                "on");
  answer.note = row.text("note");
  row.finish();
  return answer;
}

}  // namespace

Result<CheckAnswers> read_check_answers(std::string_view bytes,
                                        const std::string& path,
                                        Diagnostics& problems) {
  TRY(const Json tree, parse_yaml(bytes, path, problems, product_limits));
  Diagnostics found;
  const Source source{path, found, Rules::errors};
  CheckAnswers answers;
  if (!tree.is_object() && !tree.is_null())
    found.error("product.type",
                fmt::format("expected a map of items to answers, found {}", describe(tree)),
                tree.at(path));
  for (const auto& [id, node] : tree.members())
    answers.emplace(id, read_answer(node, id, source));
  append_in_file_order(problems, found);
  return answers;
}

}  // namespace lockstep::formats
