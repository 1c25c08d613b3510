// SPDX-License-Identifier: Apache-2.0
// The rules of SARIF that its schema cannot say. The log is walked once, each value with the name
// it has in its parent; which rules hold for a value follows from that name, and from the run that
// it is in.
#include "formats/sarif/sarif.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "formats/schema.hpp"
#include "formats/schema_texts.hpp"

namespace lockstep::formats {
namespace {

std::string text(const Json& node, std::string_view key) {
  return node[key].string_or("");
}

/// RFC 3986: the characters of a reference, whole percent signs, a scheme of letters.
bool is_reference(std::string_view uri) {
  constexpr std::string_view others = "-._~:/?#[]@!$&'()*+,;=%";
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto is_hex = [](char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9');
  };
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    // Letters outside ASCII are those of an IRI, which tools write.
    if (static_cast<unsigned char>(c) >= 0x80 || is_alphanumeric(c)) continue;
    if (others.find(c) == std::string_view::npos) return false;
    if (c == '%' && (i + 2 >= uri.size() || !is_hex(uri[i + 1]) || !is_hex(uri[i + 2])))
      return false;
  }
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || uri.substr(0, colon).find_first_of("/?#") < colon)
    return true;
  const std::string_view scheme = uri.substr(0, colon);
  return !scheme.empty() && !(scheme[0] >= '0' && scheme[0] <= '9') &&
         std::ranges::all_of(scheme, [&](char c) {
           return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
         });
}

bool is_absolute(std::string_view uri) {
  return has_format(uri, "uri");
}

bool has_dot_dot(std::string_view uri) {
  return uri.find("/../") != std::string_view::npos || uri.ends_with("/..") ||
         uri.starts_with("../");
}

bool is_uri_key(std::string_view key) {
  return key == "uri" || key.ends_with("Uri") || key == "workItemUris" || key == "hostedViewerUri";
}

class Checker {
 public:
  Checker(const Json& document, const Source& source) : document_(document), source_(source) {}

  void check() {
    check_schema_address();
    for (std::size_t i = 0; i < document_["runs"].items().size(); ++i) {
      path_ = {"runs", std::to_string(i)};
      check_run(document_["runs"].items()[i]);
    }
  }

 private:
  void report(std::string code, const std::string& message, const Json& at) {
    std::string pointer;
    for (const std::string& step : path_)
      pointer += "/" + step;
    source_.problems.error(
        std::move(code),
        fmt::format("{} (at {})", message, pointer.empty() ? "the top" : quotable(pointer, 200)),
        at.at(source_.path));
  }

  /// SARIF1011: the final schema, not one of its drafts.
  void check_schema_address() {
    const Json& address = document_["$schema"];
    if (!address.is_string()) return;
    if (!is_reference(address.string_or("")))
      return report("sarif.uri",
                    fmt::format("expected a URI as RFC 3986 has them, found {}", describe(address)),
                    address);
    const std::string last = lower_case(address.string_or("").substr(
        address.string_or("").rfind('/') + 1));  // npos + 1 is the beginning
    if (last.find("-rtm") != std::string::npos || last.find("beta") != std::string::npos ||
        last.find("csd") != std::string::npos)
      report("sarif.final_schema",
             fmt::format("expected the final schema such as "
                         "https://json.schemastore.org/sarif-2.1.0.json, found {}",
                         describe(address)),
             address);
  }

  void check_run(const Json& run) {
    run_ = &run;
    check_rule_names(run["tool"]["driver"]);
    check_bases(run["originalUriBaseIds"]);
    visit(run, "run");
  }

  /// SARIF1001: a name that repeats the opaque id says nothing. In a run that says where its AI
  /// comes from, the ids of notifications are words of their own, and only the same spelling
  /// counts.
  void check_rule_names(const Json& driver) {
    const bool is_of_ai = (*run_)["properties"].find("ai/origin") != nullptr;
    for (const std::string_view list : {"rules", "notifications"}) {
      for (const Json& rule : driver[list].items()) {
        const std::string id = text(rule, "id");
        const std::string name = text(rule, "name");
        const bool is_same =
            is_of_ai && list == "notifications" ? id == name : lower_case(id) == lower_case(name);
        if (!id.empty() && is_same)
          report("sarif.rule_name",
                 fmt::format("expected a name that differs from the id, found '{}' twice",
                             quotable(id)),
                 rule);
      }
    }
  }

  /// SARIF1004. Source: SARIF 2.1.0, 3.14.14.
  void check_bases(const Json& bases) {
    for (const auto& [name, base] : bases.members()) {
      const std::string uri = text(base, "uri");
      if (uri.empty()) continue;
      const auto refuse = [&](std::string_view expected) {
        report("sarif.uri_base",
               fmt::format("expected {} as base '{}', found '{}'", expected, quotable(name),
                           quotable(uri)),
               base);
      };
      const bool has_base = base["uriBaseId"].is_string();
      if (!has_base && !is_absolute(uri)) refuse("an absolute URI");
      if (has_base && is_absolute(uri)) refuse("a relative URI");
      if (!uri.ends_with('/')) refuse("a URI that ends with '/'");
      if (has_dot_dot(uri)) refuse("a URI without '..'");
      if (uri.find_first_of("?#") != std::string::npos) refuse("a URI without query and fragment");
    }
  }

  /// The depth is bounded by bom_limits.depth.
  void visit(const Json& value, std::string_view key) {
    if (value.is_string() && is_uri_key(key)) check_uri(value);
    if (value.is_object()) check_object(value, key);
    for (const auto& [name, member] : value.members()) {
      // Property bags hold what the tool likes.
      if (name == "properties") continue;
      path_.push_back(name);
      visit(member, name);
      path_.pop_back();
    }
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      path_.push_back(std::to_string(i));
      visit(value.items()[i], key);
      path_.pop_back();
    }
  }

  /// SARIF1002, SARIF1013.
  void check_uri(const Json& value) {
    const std::string uri = value.string_or("");
    if (!is_reference(uri))
      return report("sarif.uri",
                    fmt::format("expected a URI as RFC 3986 has them, found {}", describe(value)),
                    value);
    if (uri.starts_with("file:") && has_dot_dot(uri))
      report("sarif.uri",
             fmt::format("expected a file URI without '..', found {}", describe(value)), value);
    if (uri.starts_with("sarif:/") && resolve(uri.substr(6)) == nullptr)
      report("sarif.reference",
             fmt::format("expected a place in this log, found {}, which it lacks", describe(value)),
             value);
  }

  /// The value at a JSON pointer, or null. Source: RFC 6901.
  const Json* resolve(std::string_view pointer) const {
    const Json* node = &document_;
    for (const std::string_view step : split(pointer.substr(1), '/')) {
      if (node->is_array()) {
        std::size_t index = 0;
        const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
        if (problem != std::errc{} || end != step.data() + step.size() ||
            index >= node->items().size())
          return nullptr;
        node = &node->items()[index];
      } else {
        node = node->find(step);
      }
      if (node == nullptr) return nullptr;
    }
    return node;
  }

  void check_object(const Json& value, std::string_view key) {
    if (key == "region" || key == "contextRegion" || key == "deletedRegion" || key == "annotations")
      check_region(value);
    if (key == "physicalLocation" && value.find("contextRegion") != nullptr &&
        value.find("region") == nullptr)
      report("sarif.context", "expected 'region' beside 'contextRegion', found nothing", value);
    if (key == "invocations") check_times(value);
    if (key == "results" && value.find("message") != nullptr) check_result(value);
    check_index(value, "index", key == "artifactLocation" || key == "analysisTarget", "artifacts");
    check_index(value, "parentIndex", key == "artifacts", "artifacts");
    check_index(value, "parentIndex", key == "logicalLocations" && is_of_run(), "logicalLocations");
  }

  bool is_of_run() const { return path_.size() == 4; }

  /// SARIF1009: an index names an element that is there; -1 stands for none.
  void check_index(const Json& value, std::string_view key, bool holds, std::string_view list) {
    const auto index = value[key].as_int();
    const auto size = static_cast<std::int64_t>((*run_)[list].items().size());
    if (!holds || !index || *index < 0 || *index < size) return;
    report("sarif.index",
           fmt::format("expected an index below {} in '{}', found {}", size, list, *index),
           value[key]);
  }

  /// SARIF1007. Source: SARIF 2.1.0, 3.30.
  void check_region(const Json& region) {
    const auto start = region["startLine"].as_int();
    const auto end = region["endLine"].as_int().value_or(start.value_or(0));
    if (!start) return;
    if (end < *start)
      report("sarif.region",
             fmt::format("expected an endLine not before line {}, found {}", *start, end), region);
    const auto column = region["startColumn"].as_int().value_or(1);
    const auto last = region["endColumn"].as_int();
    if (end == *start && last && *last < column)
      report("sarif.region",
             fmt::format("expected an endColumn not before column {}, found {}", column, *last),
             region);
  }

  /// SARIF1006.
  void check_times(const Json& invocation) {
    const auto start = parse_instant(text(invocation, "startTimeUtc"));
    const auto end = parse_instant(text(invocation, "endTimeUtc"));
    if (start && end && *end < *start)
      report("sarif.time",
             fmt::format("expected an endTimeUtc not before {}, found {}", to_text(*start),
                         describe(invocation["endTimeUtc"])),
             invocation);
  }

  const Json& rule_at(std::int64_t index) const {
    static const Json nothing;
    const auto& rules = (*run_)["tool"]["driver"]["rules"].items();
    return index >= 0 && index < std::ssize(rules) ? rules[static_cast<std::size_t>(index)]
                                                   : nothing;
  }

  /// The rule that a result names by its index or its id, whose last parts may narrow the rule's.
  const Json& rule_of(const Json& result, const std::string& id) const {
    const bool is_of_driver = !result["rule"]["toolComponent"].is_object();
    auto index = result["ruleIndex"].as_int();
    if (!index) index = result["rule"]["index"].as_int();
    if (index && is_of_driver && rule_at(*index).is_object()) return rule_at(*index);
    for (const Json& rule : (*run_)["tool"]["driver"]["rules"].items())
      if (is_narrowed(id, text(rule, "id"))) return rule;
    return rule_at(-1);
  }

  static bool is_narrowed(const std::string& id, const std::string& of) {
    return id == of || (!of.empty() && id.starts_with(of + "/"));
  }

  /// SARIF1009, SARIF1010. Source: SARIF 2.1.0, 3.27.5 to 3.27.7.
  void check_result(const Json& result) {
    const Json& named = result["rule"];
    const std::string own = text(result, "ruleId");
    const std::string other = text(named, "id");
    const std::string id = own.empty() ? other : own;
    const auto index = result["ruleIndex"].as_int();
    const bool has_driver = !named["toolComponent"].is_object();
    if (id.empty() && !index && !named["index"].as_int())
      report("sarif.rule_id", "expected 'ruleId', 'ruleIndex' or 'rule', found none", result);
    if (!own.empty() && !other.empty() && own != other)
      report("sarif.rule_id",
             fmt::format("expected one rule, found '{}' as ruleId and '{}' as rule.id",
                         quotable(own), quotable(other)),
             result);
    if (index && *index >= 0 && has_driver) {
      const Json& rule = rule_at(*index);
      if (rule.is_null())
        report("sarif.index",
               fmt::format("expected the index of a rule of the tool, found {}", *index),
               result["ruleIndex"]);
      else if (!id.empty() && !is_narrowed(id, text(rule, "id")))
        report("sarif.rule_id",
               fmt::format("expected the id '{}' of the rule at {}, found '{}'",
                           quotable(text(rule, "id")), *index, quotable(id)),
               result);
    }
    if (has_driver) check_message(result, rule_of(result, id));
  }

  /// SARIF1012: a message by its id is one of the rule's, with all arguments that it asks for.
  void check_message(const Json& result, const Json& rule) {
    const Json& message = result["message"];
    const std::string id = text(message, "id");
    if (id.empty()) return;
    const Json* found = rule["messageStrings"].find(id);
    if (found == nullptr) found = (*run_)["tool"]["driver"]["globalMessageStrings"].find(id);
    if (found == nullptr)
      return report("sarif.message",
                    fmt::format("expected a message of the rule, found the id '{}', which it lacks",
                                quotable(id)),
                    message);
    const std::size_t wanted = placeholders(text(*found, "text"));
    const std::size_t given = message["arguments"].items().size();
    if (given < wanted)
      report("sarif.message",
             fmt::format("expected {} arguments for the message '{}', found {}", wanted,
                         quotable(id), given),
             message);
  }

  /// One more than the highest number in "{0} and {1}"; "{{" is a brace.
  static std::size_t placeholders(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      if (text[i] != '{') continue;
      if (text[i + 1] == '{') {
        ++i;
        continue;
      }
      std::size_t number = 0;
      const char* begin = text.data() + i + 1;
      const auto [end, problem] = std::from_chars(begin, text.data() + text.size(), number);
      if (problem == std::errc{} && end != text.data() + text.size() && *end == '}')
        count = std::max(count, number + 1);
    }
    return count;
  }

  const Json& document_;
  const Source& source_;
  const Json* run_ = nullptr;
  std::vector<std::string> path_;
};

}  // namespace

void check_sarif(const Json& document, const Source& source) {
  Diagnostics found;
  const Source collect{source.path, found, source.rules};
  const std::string version = text(document, "version");
  if (version == "2.1.0" || version == "2.2") {
    check_schema(document, version == "2.2" ? "sarif/sarif-2.2" : "sarif/sarif-2.1", "sarif.schema",
                 collect);
    Checker(document, collect).check();
  } else {
    const Json* at = document.find("version");
    found.error("sarif.version",
                fmt::format("expected version 2.1.0 or 2.2 of SARIF, found {}",
                            describe(document["version"])),
                (at == nullptr ? document : *at).at(source.path));
  }
  append_in_file_order(source.problems, found);
}

}  // namespace lockstep::formats
