// SPDX-License-Identifier: Apache-2.0
// The text of a stored row is anything; reading and verifying it never crashes, and a row that was
// written by the chain is read as it was.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "store/chain.hpp"

using lockstep::store::ChainReport;
using lockstep::store::ChainRow;
using lockstep::store::check_chain;
using lockstep::store::empty_head;
using lockstep::store::evidence_of;
using lockstep::store::first_previous;
using lockstep::store::next_row;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ChainRow foreign{1, text, std::string(first_previous()), text};
  const ChainReport report = check_chain(std::vector{foreign}, {1, text}, {});
  LS_CHECK(!report.problems.empty(), "a foreign row passes");
  const auto evidence = evidence_of(foreign);
  if (!evidence) return 0;
  const ChainRow written = next_row(empty_head(), evidence->evidence);
  const auto again = evidence_of(written);
  LS_CHECK(again.has_value(), "a written row is not read");
  LS_CHECK(next_row(empty_head(), again->evidence) == written, "a written row is read otherwise");
  return 0;
}
