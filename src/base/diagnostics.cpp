// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "base/printable.hpp"
#include "base/text.hpp"

namespace lockstep {
namespace {

std::string place(const Position& where) {
  constexpr std::size_t path_max = 1024;
  std::string text = quotable(where.file, path_max);
  if (where.line > 0) text += fmt::format(":{}", where.line);
  if (where.line > 0 && where.column > 0) text += fmt::format(":{}", where.column);
  if (!text.empty()) text += ": ";
  return text;
}

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

}  // namespace

void Diagnostics::error(std::string code, std::string message, Position where) {
  add({Severity::error, std::move(code), std::move(message), std::move(where)});
}

void Diagnostics::warning(std::string code, std::string message, Position where) {
  add({Severity::warning, std::move(code), std::move(message), std::move(where)});
}

void Diagnostics::note(std::string code, std::string message, Position where) {
  add({Severity::note, std::move(code), std::move(message), std::move(where)});
}

void Diagnostics::add(Diagnostic diagnostic) {
  const bool is_mild = diagnostic.severity != Severity::error;
  if (!is_mild) ++errors_;
  if (entries_.size() >= max_entries) {
    ++dropped_;
    if (is_mild || mild_ == 0) return;
    const auto last = std::ranges::find_if(entries_.rbegin(), entries_.rend(), [](const auto& one) {
      return one.severity != Severity::error;
    });
    entries_.erase(std::next(last).base());
    --mild_;
  }
  if (is_mild) ++mild_;
  entries_.push_back(std::move(diagnostic));
}

void Diagnostics::add(const Error& problem) {
  error(problem.code, problem.message, problem.where);
  for (const std::string& text : problem.notes)
    note(problem.code, text, problem.where);
}

void Diagnostics::append(const Diagnostics& others) {
  const std::size_t errors = errors_ + others.error_count();
  for (const Diagnostic& entry : others.entries())
    add(entry);
  errors_ = errors;
  dropped_ += others.dropped();
}

std::string to_text(const Diagnostic& diagnostic) {
  return fmt::format("{}{}[{}]: {}", place(diagnostic.where), word(diagnostic.severity),
                     diagnostic.code, printable_line(diagnostic.message));
}

std::string to_text(const Error& error) {
  std::string text =
      fmt::format("{}error[{}]: {}", place(error.where), error.code, printable_line(error.message));
  for (const std::string& line : error.notes)
    text += fmt::format("\n  {}", printable_line(line));
  return text;
}

}  // namespace lockstep
