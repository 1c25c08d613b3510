// SPDX-License-Identifier: Apache-2.0
// The scores of the 270 macro vectors of CVSS 4.0, in tenths.
//
// Each row is one triple of levels of the sets 1, 2 and 3 and the level of set 4; the columns are
// the levels of the sets 5 and 6: 00, 01, 10, 11, 20, 21. Set 3 at level 2 with set 6 at level 0
// does not exist.
//
// Source: FIRST, Specification Document of CVSS 4.0, section 8.3, the table of macro vectors.
#include <array>
#include <cstddef>

#include "domain/cvss_vector.hpp"

namespace lockstep {

namespace {

constexpr int none = -1;

// clang-format off
constexpr std::array<std::array<int, 6>, 54> scores = {{
    {100,  99,  98,  95,  95,  92},  // 0000
    {100,  96,  93,  87,  91,  81},  // 0001
    { 93,  90,  89,  80,  81,  68},  // 0002
    { 98,  95,  95,  92,  90,  84},  // 0010
    { 93,  92,  89,  81,  81,  65},  // 0011
    { 88,  80,  78,  70,  69,  48},  // 0012
    {none,  92, none,  82, none,  72},  // 0020
    {none,  79, none,  69, none,  50},  // 0021
    {none,  69, none,  55, none,  27},  // 0022
    { 99,  97,  95,  92,  92,  85},  // 0100
    { 95,  91,  90,  83,  84,  71},  // 0101
    { 92,  81,  82,  71,  72,  53},  // 0102
    { 95,  93,  92,  85,  85,  73},  // 0110
    { 92,  82,  80,  72,  70,  59},  // 0111
    { 84,  70,  71,  52,  50,  30},  // 0112
    {none,  86, none,  75, none,  52},  // 0120
    {none,  71, none,  52, none,  29},  // 0121
    {none,  63, none,  29, none,  17},  // 0122
    { 98,  95,  94,  87,  91,  81},  // 1000
    { 94,  89,  86,  74,  77,  64},  // 1001
    { 87,  75,  74,  63,  63,  49},  // 1002
    { 94,  89,  88,  77,  76,  67},  // 1010
    { 86,  76,  74,  58,  59,  50},  // 1011
    { 72,  57,  57,  52,  52,  25},  // 1012
    {none,  83, none,  70, none,  54},  // 1020
    {none,  65, none,  58, none,  26},  // 1021
    {none,  53, none,  21, none,  13},  // 1022
    { 95,  90,  88,  76,  76,  70},  // 1100
    { 90,  77,  75,  62,  61,  53},  // 1101
    { 77,  66,  68,  59,  52,  30},  // 1102
    { 89,  78,  76,  67,  62,  58},  // 1110
    { 74,  59,  57,  57,  47,  23},  // 1111
    { 61,  52,  57,  29,  24,  16},  // 1112
    {none,  71, none,  59, none,  30},  // 1120
    {none,  58, none,  26, none,  15},  // 1121
    {none,  23, none,  13, none,   6},  // 1122
    { 93,  87,  86,  72,  75,  58},  // 2000
    { 86,  74,  74,  61,  56,  34},  // 2001
    { 70,  54,  52,  40,  40,  22},  // 2002
    { 85,  75,  74,  55,  62,  51},  // 2010
    { 72,  57,  55,  41,  46,  19},  // 2011
    { 53,  36,  34,  19,  19,   8},  // 2012
    {none,  64, none,  51, none,  20},  // 2020
    {none,  47, none,  21, none,  11},  // 2021
    {none,  24, none,   9, none,   4},  // 2022
    { 88,  75,  73,  53,  60,  50},  // 2100
    { 73,  55,  59,  40,  41,  20},  // 2101
    { 54,  43,  45,  22,  20,  11},  // 2102
    { 75,  55,  58,  45,  40,  21},  // 2110
    { 61,  51,  48,  18,  20,   9},  // 2111
    { 46,  18,  17,   7,   8,   2},  // 2112
    {none,  53, none,  24, none,  14},  // 2120
    {none,  24, none,  12, none,   5},  // 2121
    {none,  10, none,   3, none,   1},  // 2122
}};
// clang-format on

bool is_level(int level, int count) {
  return level >= 0 && level < count;
}

}  // namespace

int cvss_macro_score(const CvssMacroVector& place) {
  const bool exists = is_level(place.eq1, 3) && is_level(place.eq2, 2) && is_level(place.eq3, 3) &&
                      is_level(place.eq4, 3) && is_level(place.eq5, 3) && is_level(place.eq6, 2);
  if (!exists) return none;
  const int row = ((place.eq1 * 2 + place.eq2) * 3 + place.eq3) * 3 + place.eq4;
  const int column = place.eq5 * 2 + place.eq6;
  return scores[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
}

}  // namespace lockstep
