// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lockstep::documents {

/// A term of the field, in our words, and where it comes from. docs/glossary.md holds the same
/// terms; a test compares them.
struct GlossaryTerm {
  std::string_view term;
  std::string_view meaning;
  std::string_view source;
};

/// All terms in alphabetical order.
std::span<const GlossaryTerm> glossary();

}  // namespace lockstep::documents
