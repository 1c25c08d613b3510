// SPDX-License-Identifier: Apache-2.0
#include "domain/purl.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep {

namespace {

Json read_json(const std::string& path) {
  Diagnostics problems;
  auto parsed = parse_json(test::read_file(path), path, problems);
  EXPECT_TRUE(parsed) << path;
  return parsed ? *std::move(parsed) : Json();
}

/// Components as the suite writes them: null for what is not there.
Purl components_of(const Json& json) {
  Purl purl;
  purl.type = json["type"].string_or("");
  purl.name_space = json["namespace"].string_or("");
  purl.name = json["name"].string_or("");
  purl.version = json["version"].string_or("");
  purl.subpath = json["subpath"].string_or("");
  for (const auto& [key, value] : json["qualifiers"].members()) {
    purl.qualifiers.emplace_back(key, value.string_or(""));
  }
  std::sort(purl.qualifiers.begin(), purl.qualifiers.end());
  return purl;
}

void expect_case_holds(const Json& each, const std::string& file) {
  const std::string type = each["test_type"].string_or("");
  const Json& input = each["input"];
  const auto got =
      type == "build" ? make_purl(components_of(input)) : parse_purl(input.string_or(""));
  const std::string label =
      file + ": " + each["description"].string_or("") + ": " + to_canonical_json(input);
  if (each["expected_failure"].as_bool().value_or(false)) {
    EXPECT_FALSE(got) << label;
    return;
  }
  ASSERT_TRUE(got) << label << ": " << got.error().message;
  const Json& expected = each["expected_output"];
  if (type == "parse") {
    EXPECT_EQ(*got, components_of(expected)) << label << " gives " << to_text(*got);
  } else {
    EXPECT_EQ(to_text(*got), expected.string_or("")) << label;
  }
}

}  // namespace

TEST(PurlSuite, Holds) {
  LS_NEEDS_SHARED("vuln/suites/purl");
  std::size_t count = 0;
  for (const char* folder : {"types", "spec"}) {
    const std::string path = test::shared_path(std::string("vuln/suites/purl/") + folder);
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      const Json suite = read_json(entry.path().string());
      for (const Json& each : suite["tests"].items()) {
        expect_case_holds(each, entry.path().filename().string());
        ++count;
      }
    }
  }
  EXPECT_GE(count, 300U);
}

TEST(PurlSuite, ExamplesOfTheTypesAreCanonical) {
  LS_NEEDS_SHARED("vuln/suites/purl/reference/types");
  const std::string path = test::shared_path("vuln/suites/purl/reference/types");
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const Json definition = read_json(entry.path().string());
    for (const Json& example : definition["examples"].items()) {
      const auto purl = parse_purl(*example.as_string());
      ASSERT_TRUE(purl) << *example.as_string() << ": " << purl.error().message;
      EXPECT_EQ(to_text(*parse_purl(to_text(*purl))), to_text(*purl)) << *example.as_string();
    }
  }
}

TEST(Purl, HasACanonicalText) {
  for (const auto& [given, canonical] : std::vector<std::pair<std::string, std::string>>{
           {"pkg:npm/%40angular/core@16.0.0", "pkg:npm/%40angular/core@16.0.0"},
           {"pkg:npm/@angular/core@16.0.0", "pkg:npm/%40angular/core@16.0.0"},
           {"PKG:NPM//left-pad//@1.3.0", ""},
           {"Pkg:npm/left-pad@1.3.0/", "pkg:npm/left-pad@1.3.0"},
           {"pkg://pypi/Flask_Login@0.6.3RC1", "pkg:pypi/flask-login@0.6.3rc1"},
           {"pkg:deb/Debian/Curl@7.88.1-10+deb12u5?Arch=amd64&distro=",
            "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64"},
           {"pkg:generic/a?b=1&a=2&c=x/y?z#/./p//../q/", "pkg:generic/a?a=2&b=1&c=x%2Fy%3Fz#p/q"},
           {"pkg:git/github.com/Owner/Repo@v1", "pkg:git/github.com/owner/repo@v1"},
           {"pkg:git/example.org/a/B/c@v1", "pkg:git/example.org/a/B/c@v1"},
           {"pkg:cpan/oalders/libwww-perl", "pkg:cpan/OALDERS/libwww-perl"},
           {"pkg:pub/Some.Name", "pkg:pub/some_name"},
           {"pkg:winget/Vendor.Tool@1", "pkg:winget/Vendor.Tool@1"},
           {"pkg:generic/caf\xc3\xa9@1", "pkg:generic/caf%C3%A9@1"}}) {
    const auto purl = parse_purl(given);
    if (canonical.empty()) {
      EXPECT_FALSE(purl) << given;
      continue;
    }
    ASSERT_TRUE(purl) << given << ": " << purl.error().message;
    EXPECT_EQ(to_text(*purl), canonical);
  }
}

/// docs/adr/0002-purl-go-case.md
TEST(Purl, KeepsTheCaseOfGoModules) {
  const auto purl = parse_purl("pkg:golang/github.com/BurntSushi/toml@v1.3.2");
  ASSERT_TRUE(purl);
  EXPECT_EQ(purl->name_space, "github.com/BurntSushi");
  EXPECT_EQ(to_text(*purl), "pkg:golang/github.com/BurntSushi/toml@v1.3.2");
  for (const char* one_step : {"pkg:golang/stdlib@1.22.0", "pkg:golang/gioui.org@v0.5.0"}) {
    const auto short_path = parse_purl(one_step);
    ASSERT_TRUE(short_path) << one_step;
    EXPECT_EQ(to_text(*short_path), one_step);
  }
}

TEST(Purl, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"npm/left-pad",
       "error[purl.scheme]: expected a purl such as pkg:npm/left-pad@1.3.0, found "
       "'npm/left-pad'"},
      {"", "error[purl.scheme]: expected a purl such as pkg:npm/left-pad@1.3.0, found ''"},
      {"pkg:debian/curl",
       "error[purl.type]: expected a package type, found 'debian'; did you mean "
       "'deb'?"},
      {"pkg:3d/x",
       "error[purl.type]: expected a package type of letters, digits, '.' and '-' that "
       "begins with a letter, found '3d'"},
      {"pkg:npm", "error[purl.name]: expected a name, as in pkg:npm/NAME@VERSION, found none"},
      {"pkg:npm/@1.0", "error[purl.name]: expected a name, as in pkg:npm/NAME@VERSION, found none"},
      {"pkg:npm/a%2",
       "error[purl.name]: expected two hexadecimal digits after each '%' of the name "
       "of a purl, found 'a%2'"},
      {"pkg:npm/a@%zz",
       "error[purl.version]: expected two hexadecimal digits after each '%' of the "
       "version of a purl, found '%zz'"},
      {"pkg:npm/%FF", "error[purl.name]: expected UTF-8 in the name of a purl, found '%FF'"},
      {"pkg:maven/log4j",
       "error[purl.namespace]: expected a namespace before the name 'log4j', as "
       "every purl of type 'maven' has one"},
      {"pkg:cargo/a/b",
       "error[purl.namespace]: expected no namespace in a purl of type 'cargo', "
       "found 'a'"},
      {"pkg:docker/a%2Fb/c",
       "error[purl.namespace]: expected no encoded '/' in the namespace of a "
       "purl, found 'a%2Fb'"},
      {"pkg:npm/a?1x=y",
       "error[purl.qualifier]: expected a qualifier key of letters, digits, '.', "
       "'-' and '_' that does not begin with a digit, found '1x'"},
      {"pkg:npm/a?x=1&X=2", "error[purl.qualifier]: expected each qualifier once, found 'x' twice"},
      {"pkg:julia/Dates",
       "error[purl.qualifier]: expected the qualifier 'uuid', which every purl of "
       "type 'julia' needs"},
      {"pkg:npm/a#b%2Fc",
       "error[purl.subpath]: expected no encoded '/' in the subpath of a purl, "
       "found 'b%2Fc'"},
      {"pkg:cpan/URI::Escape",
       "error[purl.name]: expected the name of a CPAN distribution such as "
       "URI-PackageURL, found the module name 'URI::Escape'"},
      {"pkg:swid/a/b/c/d?tag_id=1",
       "error[purl.namespace]: expected at most a creator's name and its "
       "regid as the namespace of a SWID tag, found 'a/b/c'"},
      {"pkg:cocoapods/.hidden",
       "error[purl.name]: expected the name of a pod without spaces and "
       "'+' that does not begin with '.', found '.hidden'"},
      {"pkg:chrome-extension/dogs",
       "error[purl.name]: expected the id of a Chrome extension, 32 "
       "letters from a to p, found 'dogs'"},
      {"pkg:chrome-extension/aaaabbbbccccddddeeeeffffgggghhhh@1..2",
       "error[purl.version]: expected the version of a Chrome extension, one to four numbers such "
       "as 1.2.3, found '1..2'"},
      {"pkg:npm/" + std::string(max_purl_bytes, 'a'),
       "error[purl.size]: expected a purl of at most 16384 bytes, found 16392"},
  };
  for (const auto& [text, message] : cases) {
    const auto purl = parse_purl(text);
    ASSERT_FALSE(purl) << text;
    EXPECT_EQ(to_text(purl.error()), message);
  }
}

TEST(Purl, OfAGitRepositoryHasAPathWithoutEmptySteps) {
  Purl components;
  components.type = "git";
  components.name_space = "example.org";
  components.name = "a//b";
  const auto purl = make_purl(components);
  ASSERT_FALSE(purl);
  EXPECT_EQ(to_text(purl.error()),
            "error[purl.name]: expected a path without empty steps as the name of a git "
            "repository, found 'a//b'");
}

/// What is printed is read as the same value, whatever the components contain.
RC_GTEST_PROP(PurlLaws, PrintedTextIsReadBack, ()) {
  const auto text = rc::gen::map(rc::gen::string<std::string>(), [](std::string letters) {
    std::erase_if(letters, [](char c) { return static_cast<unsigned char>(c) > 127; });
    return letters;
  });
  const auto types = std::vector<std::string>{"npm", "pypi",    "maven",           "golang",
                                              "git", "generic", "hackage",         "pub",
                                              "otp", "oci",     "vscode-extension"};
  Purl components;
  components.type = *rc::gen::elementOf(types);
  components.name_space = *text;
  components.name = *text;
  components.version = *text;
  components.subpath = *text;
  components.qualifiers = {{"vcs_url", *text}, {"arch", *text}};
  const auto purl = make_purl(components);
  RC_PRE(purl.has_value());
  const auto again = parse_purl(to_text(*purl));
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == *purl);
}

}  // namespace lockstep
