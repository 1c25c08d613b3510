// SPDX-License-Identifier: Apache-2.0
#include "domain/obligation.hpp"

#include <gtest/gtest.h>

namespace lockstep {
namespace {

TEST(Citation, IsWrittenAsPeopleWriteIt) {
  const struct {
    const char *act, *path, *text;
  } rows[] = {
      {"CRA", "art_14/par_2/pnt_a", "CRA Art. 14(2)(a)"},
      {"AI Act", "anx_IV/pnt_1", "AI Act Annex IV(1)"},
      {"CRA", "anx_I/pt_I/pnt_2/pnt_b", "CRA Annex I Part I(2)(b)"},
      {"AI Act", "anx_I/sct_A/pnt_1", "AI Act Annex I Section A(1)"},
      {"CRA", "rct_34", "CRA recital 34"},
      {"CRA", "art_6/sub_2", "CRA Art. 6 subparagraph 2"},
      {"CRA", "art_13", "CRA Art. 13"},
  };

  for (const auto& row : rows)
    EXPECT_EQ(to_text(Citation{"x", row.path}, row.act), row.text) << row.path;
}

TEST(Obligation, HasItsWords) {
  EXPECT_EQ(to_text(Obligation::Met::does_not_apply), "does_not_apply");
  EXPECT_EQ(to_text(Obligation::Met::met), "met");
  EXPECT_EQ(to_text(Obligation::Met::unmet), "unmet");
  EXPECT_EQ(to_text(Obligation::Met::unknown), "unknown");
}

}  // namespace
}  // namespace lockstep
