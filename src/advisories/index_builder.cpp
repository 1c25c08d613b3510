// SPDX-License-Identifier: Apache-2.0
// What is taken in: records as bytes, in runs (record_runs.hpp), lists and tables as they are. The
// file is written by index_writer.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "advisories/builder_state.hpp"
#include "advisories/bytes.hpp"
#include "advisories/flaw_order.hpp"
#include "advisories/index.hpp"
#include "advisories/index_state.hpp"
#include "advisories/limits.hpp"
#include "base/check.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

std::uint32_t billionths(double share) {
  return static_cast<std::uint32_t>(std::llround(share * layout::billion));
}

}  // namespace

void IndexBuilder::State::hold(std::string_view record) {
  if (trouble) return;
  auto held = records.hold(record);
  if (!held) trouble = std::move(held.error());
}

IndexBuilder::IndexBuilder() : state_(std::make_unique<State>("", builder_memory_bytes)) {}

IndexBuilder::IndexBuilder(std::string folder, std::size_t memory)
    : state_(std::make_unique<State>(std::move(folder), memory)) {}

IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;
IndexBuilder::~IndexBuilder() = default;

std::size_t IndexBuilder::mark() {
  return state_->records.mark();
}

void IndexBuilder::back_to(std::size_t mark) {
  state_->records.back_to(mark);
}

void IndexBuilder::add(const Advisory& advisory) {
  state_->hold(state_->encoder.encode(advisory));
}

void IndexBuilder::add(const AdvisoryView& advisory) {
  state_->hold(state_->encoder.encode(advisory));
}

void IndexBuilder::add(const KnownExploitedList& list, std::string_view sha256) {
  State::Edition edition{{list.source, list.as_of, 0, std::string(sha256), ""}, list};
  const auto age = [](const IndexSource& source) { return std::tie(source.as_of, source.sha256); };
  const auto [held, is_new] = state_->lists.try_emplace(list.source, edition);
  if (!is_new && age(held->second.source) < age(edition.source)) held->second = std::move(edition);
}

void IndexBuilder::add(const EpssTable& table, std::string_view sha256) {
  IndexSource source{"epss", table.score_date, 0, std::string(sha256), table.model_version};
  IndexSource& held = state_->epss_source;
  if (std::tie(source.as_of, source.sha256) < std::tie(held.as_of, held.sha256)) return;
  held = std::move(source);
  state_->epss.clear();
  for (const Epss& row : table.rows) {
    const auto number = cve_number(row.cve);
    if (!number) continue;
    const std::uint64_t shares = std::uint64_t{billionths(row.probability)} << 32U;
    state_->epss.push_back({*number, shares | billionths(row.percentile)});
  }
}

Result<> IndexBuilder::add_all(AdvisoryIndex index) {
  LS_CHECK(!state_->older, "a builder takes one older index");
  const AdvisoryIndex::State& old = *index.state_;
  std::map<std::string, KnownExploitedList> lists;
  for (std::size_t row = 0; row < old.rows(Section::exploited); ++row) {
    TRY(KnownExploited known, old.exploited_at(old.row_of(Section::exploited, row)));
    lists[known.source].entries.push_back(std::move(known));
  }
  for (const IndexSource& source : index.sources()) {
    if (source.source == "epss" &&
        std::tie(source.as_of, source.sha256) >=
            std::tie(state_->epss_source.as_of, state_->epss_source.sha256)) {
      state_->epss_source = source;
      state_->epss.clear();
      const std::string_view table = old.at(Section::epss);
      for (std::size_t row = 0; row < table.size(); row += 16) {
        const std::uint64_t shares = std::uint64_t{u32_at(table, row + 8)} << 32U;
        state_->epss.push_back({u64_at(table, row), shares | u32_at(table, row + 12)});
      }
    } else if (source.source != "epss" && !advisory_form_of(source.source)) {
      KnownExploitedList& list = lists[source.source];
      list.source = source.source;
      list.as_of = source.as_of;
      add(list, source.sha256);
    }
  }
  state_->older = std::move(index);
  return {};
}

void IndexBuilder::forget_older() {
  state_->older.reset();
}

}  // namespace lockstep::advisories
