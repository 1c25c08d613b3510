// SPDX-License-Identifier: Apache-2.0
#include "formats/security_txt/security_txt.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "formats/limits.hpp"
#include "formats/lists.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats {
namespace {

enum class Form { uri, time, languages };

struct Row {
  std::string_view name;
  Form form;
  bool is_once = false;
};

/// RFC 9116, section 2.5, and the registry of its section 6.2.
constexpr std::array rows = {
    Row{"Acknowledgments", Form::uri},
    Row{"Canonical", Form::uri},
    Row{"Contact", Form::uri},
    Row{"CSAF", Form::uri},
    Row{"Encryption", Form::uri},
    Row{"Expires", Form::time, true},
    Row{"Hiring", Form::uri},
    Row{"Policy", Form::uri},
    Row{"Preferred-Languages", Form::languages, true},
};

const Row* row_of(std::string_view name) {
  const std::string wanted = lower_case(name);
  const auto row =
      std::ranges::find_if(rows, [&](const Row& one) { return lower_case(one.name) == wanted; });
  return row == rows.end() ? nullptr : &*row;
}

/// RFC 3339 as RFC 9116 has it: date and time with 'T' and an offset.
std::optional<Instant> time_of(const std::string& value) {
  return has_format(value, "date-time") ? parse_instant(value) : std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view bytes, Instant now, const Source& source)
      : rest_(bytes), now_(now), source_(source) {}

  SecurityTxt read() {
    while (!rest_.empty())
      read_line();
    check_whole();
    return std::move(result_);
  }

 private:
  void error(std::string code, std::string message, int line) const {
    source_.problems.error(std::move(code), std::move(message), {source_.path, line, 0});
  }

  void advise(std::string message, int line) const {
    source_.problems.warning("security_txt.advice", std::move(message), {source_.path, line, 0});
  }

  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find('\r') != std::string_view::npos)
      error("security_txt.line", "expected lines that end with LF or CR LF, found a CR alone",
            line_);
    // RFC 9116, section 4: each line has its end, the last one too.
    if (end == std::string_view::npos)
      error("security_txt.line",
            "expected lines that end with LF or CR LF, found a last line without", line_);
    return line;
  }

  /// A signed file begins with the armour's head, which an empty line ends, and ends with the
  /// signature. Source: RFC 4880, section 7.
  void read_line() {
    std::string_view line = take_line();
    if (line == "-----BEGIN PGP SIGNED MESSAGE-----" && line_ == 1) {
      result_.is_signed = true;
      while (!rest_.empty() && !trim(take_line()).empty()) {
      }
      return;
    }
    if (result_.is_signed && line == "-----BEGIN PGP SIGNATURE-----") {
      rest_ = {};
      source_.problems.note("security_txt.signature", "the signature was not checked",
                            {source_.path, line_, 0});
      return;
    }
    if (result_.is_signed && line.starts_with("- ")) line.remove_prefix(2);
    if (!line.starts_with('#') && !trim(line).empty()) read_field(line);
  }

  void read_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
      return error("security_txt.line",
                   fmt::format("expected a line 'Field: value', found '{}'", quotable(line)),
                   line_);
    const std::string_view name = line.substr(0, colon);
    const std::string_view after = line.substr(colon + 1);
    if (trim(name).empty())
      return error("security_txt.field", "expected the name of a field before ':', found none",
                   line_);
    if (name != trim(name))
      error("security_txt.field",
            fmt::format("expected no white space around a name, found '{}'", quotable(name)),
            line_);
    const std::string value(trim(after));
    if (value.empty())
      return error("security_txt.value",
                   fmt::format("expected a value for '{}', found nothing", quotable(trim(name))),
                   line_);
    if (!after.starts_with(' '))
      error("security_txt.line",
            fmt::format("expected a blank behind '{}:', found none", quotable(trim(name))), line_);
    result_.fields.push_back({std::string(trim(name)), value, line_});
    check_value(result_.fields.back());
  }

  void check_value(const SecurityTxt::Field& field) {
    const Row* row = row_of(field.name);
    if (row == nullptr) {
      std::vector<std::string> known;
      for (const Row& one : rows)
        known.emplace_back(one.name);
      return advise(fmt::format("expected a field of RFC 9116, found '{}', which readers ignore{}",
                                quotable(field.name), suggestion(field.name, known)),
                    field.line);
    }
    if (row->is_once && count(row->name) > 1)
      error("security_txt.once", fmt::format("expected '{}' once, found it again", row->name),
            field.line);
    switch (row->form) {
      case Form::uri:
        return check_uri(field);
      case Form::time:
        return check_expiry(field);
      case Form::languages:
        return check_languages(field);
    }
  }

  std::ptrdiff_t count(std::string_view name) const {
    const std::string wanted = lower_case(name);
    return std::ranges::count_if(result_.fields, [&](const SecurityTxt::Field& field) {
      return lower_case(field.name) == wanted;
    });
  }

  void check_uri(const SecurityTxt::Field& field) const {
    if (!has_format(field.value, "uri"))
      return error("security_txt.value",
                   fmt::format("expected a URI such as mailto:security@example.org for '{}', found "
                               "'{}'",
                               quotable(field.name), quotable(field.value)),
                   field.line);
    // CSAF 2.0, section 7.1.8: the field names the provider's metadata.
    if (lower_case(field.name) == "csaf" && !field.value.ends_with("/provider-metadata.json"))
      error("security_txt.value",
            fmt::format("expected the address of a provider-metadata.json for 'CSAF', found '{}'",
                        quotable(field.value)),
            field.line);
    if (lower_case(field.value).starts_with("http:"))
      error("security_txt.value",
            fmt::format("expected an address that begins with https: for '{}', found '{}'",
                        quotable(field.name), quotable(field.value)),
            field.line);
  }

  void check_expiry(const SecurityTxt::Field& field) {
    const auto expires = time_of(field.value);
    if (!expires)
      return error("security_txt.value",
                   fmt::format("expected a time such as 2027-12-31T12:00:00Z for 'Expires', found "
                               "'{}'",
                               quotable(field.value)),
                   field.line);
    result_.expires = expires;
    if (*expires <= now_)
      error("security_txt.expired",
            fmt::format("expected a file that is still good, found one that expired on {}",
                        to_text(*expires)),
            field.line);
    // RFC 9116, section 2.5.5: less than a year into the future.
    if (*expires - now_ > std::chrono::days(366))
      advise(fmt::format("expected an expiry within a year, found {}", to_text(*expires)),
             field.line);
  }

  void check_languages(const SecurityTxt::Field& field) const {
    for (const std::string_view tag : split(field.value, ','))
      if (const std::string problem = problem_of_language(trim(tag)); !problem.empty())
        error("security_txt.value",
              fmt::format("expected language tags such as 'en, de', found '{}': {}",
                          quotable(trim(tag)), problem),
              field.line);
  }

  void check_whole() const {
    for (const std::string_view name : {"Contact", "Expires"})
      if (count(name) == 0)
        error("security_txt.missing", fmt::format("expected '{}', found none", name),
              std::max(line_, 1));
    if (!result_.is_signed)
      advise("expected a file with an OpenPGP signature, found none", 1);
    else if (count("Canonical") == 0)
      advise("expected 'Canonical' in a signed file, found none", 1);
    if (count("Encryption") == 0 &&
        std::ranges::any_of(result_.fields, [](const SecurityTxt::Field& field) {
          return lower_case(field.value).starts_with("mailto:");
        }))
      advise("expected 'Encryption' beside an e-mail address, found none", 1);
  }

  std::string_view rest_;
  Instant now_;
  const Source& source_;
  int line_ = 0;
  SecurityTxt result_;
};

}  // namespace

SecurityTxt read_security_txt(std::string_view bytes, Instant now, const Source& source) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    source.problems.error("security_txt.line", "expected text without a byte order mark, found one",
                          {source.path, 1, 0});
    bytes.remove_prefix(3);
  }
  if (bytes.size() > security_txt_bytes || utf8_prefix(bytes) < bytes.size()) {
    source.problems.error(
        "security_txt.line",
        fmt::format("expected at most {} bytes of UTF-8, found others", security_txt_bytes),
        {source.path, 1, 0});
    return {};
  }
  return Reader(bytes, now, source).read();
}

}  // namespace lockstep::formats
