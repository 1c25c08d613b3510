// SPDX-License-Identifier: Apache-2.0
// The look of every HTML document: colours as named tokens in two palettes, and one style sheet
// that uses nothing but them. tests/documents/style_test.cpp computes the contrast of every pair.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace lockstep::documents {

/// A colour with the contrast that it owes to the grounds it stands on.
struct ColourToken {
  enum class Use {
    ground,  ///< others stand on it
    text,    ///< 4.5 : 1 on every ground
    part,    ///< lines and shapes that carry meaning: 3 : 1 on every ground
    quiet,   ///< decoration only: no demand
  };
  std::string_view name;
  std::string_view light;  ///< "#rrggbb"
  std::string_view dark;
  Use use = Use::text;
};

/// Source of the demands: WCAG 2.2, success criteria 1.4.3 and 1.4.11.
inline constexpr std::array<ColourToken, 14> colour_tokens = {{
    {"page", "#ffffff", "#121212", ColourToken::Use::ground},
    {"panel", "#f4f6f8", "#1d2023", ColourToken::Use::ground},
    {"ink", "#1b1f24", "#eceff2", ColourToken::Use::text},
    {"muted", "#4f5a65", "#b3bcc5", ColourToken::Use::text},
    {"accent", "#1f4e79", "#8cc4f5", ColourToken::Use::text},
    {"serious", "#8b1a1a", "#ff9b9b", ColourToken::Use::text},
    {"high", "#b54708", "#ffb870", ColourToken::Use::text},
    {"medium", "#7a5c00", "#e6c200", ColourToken::Use::text},
    {"low", "#1f5f3f", "#7fd6a8", ColourToken::Use::text},
    {"info", "#1f4e79", "#8cc4f5", ColourToken::Use::text},
    {"neutral", "#4f5a65", "#b3bcc5", ColourToken::Use::text},
    {"axis", "#6b7680", "#8f99a3", ColourToken::Use::part},
    {"rule", "#d3d9df", "#3a4046", ColourToken::Use::quiet},
    {"wash", "#e3ecf5", "#1c2c3b", ColourToken::Use::quiet},
}};

/// The whole style sheet. `subject` is printed at the foot of every page.
std::string style_sheet(std::string_view subject);

}  // namespace lockstep::documents
