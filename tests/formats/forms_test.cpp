// SPDX-License-Identifier: Apache-2.0
// One bill in every form that the program reads, and what strangers may put into each of them.
#include <gtest/gtest.h>

#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/envelope/envelope.hpp"
#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::source_path;

struct Read {
  Bill bill;
  std::string said;
  std::string code;  ///< of the error that stopped the reading
};

Read read(const std::string& bytes, const std::string& name = "f") {
  Diagnostics problems;
  auto bill = read_bill(bytes, name, problems);
  Read result;
  result.said = test::text_of(problems) + (bill ? "" : to_text(bill.error()) + "\n");
  if (!bill) result.code = bill.error().code;
  if (bill) result.bill = *std::move(bill);
  return result;
}

Read read_sample(const std::string& path) {
  return read(read_file(source_path("tests/data/formats/" + path)), path);
}

TEST(Forms, CycloneDxAsXmlIsTheBillOfItsJson) {
  const Read json = read_sample("cyclonedx/valid/crane.cdx.json");
  const Read xml = read_sample("cyclonedx/valid/crane.cdx.xml");
  EXPECT_EQ(xml.said, "");
  EXPECT_EQ(write_cyclonedx(xml.bill.bom), write_cyclonedx(json.bill.bom));
  EXPECT_EQ(xml.bill.bom.components.at(0).where.line, 18);
  EXPECT_EQ(xml.bill.bom.format, "CycloneDX 1.6");
}

TEST(Forms, StatementsInXmlAreThoseOfJson) {
  Diagnostics problems;
  const auto json = read_sample("cyclonedx/valid/vex.cdx.json").bill.statements;
  const auto xml = read_sample("cyclonedx/valid/vex.cdx.xml").bill.statements;
  ASSERT_EQ(xml.size(), 4U);
  ASSERT_EQ(json.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(xml[i].vulnerability, json[i].vulnerability);
    EXPECT_EQ(xml[i].aliases, json[i].aliases);
    EXPECT_EQ(status_word(xml[i]), status_word(json[i]));
    EXPECT_EQ(xml[i].at, json[i].at);
    EXPECT_EQ(xml[i].author, json[i].author);
    EXPECT_EQ(xml[i].products.at(0).product, json[i].products.at(0).product);
    EXPECT_EQ(xml[i].products.at(0).subcomponents, json[i].products.at(0).subcomponents);
  }
  EXPECT_EQ(std::get<VexStatement::NotAffected>(xml[0].status).impact_statement,
            "requires_configuration: the port is closed");
  EXPECT_EQ(std::get<VexStatement::Affected>(xml[1].status).action_statement, "update: take 2.0.1");
}

TEST(Forms, WhatXmlSaysWithoutAListIsOneInJson) {
  const Bom bom = read(R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.6">
    <components>
      <component type="library" bom-ref="a"><name>a</name><evidence>
        <identity><field>purl</field><concludedValue>pkg:npm/a@1</concludedValue></identity>
        <identity><field>cpe</field>
          <concludedValue>cpe:2.3:a:b:a:1:*:*:*:*:*:*:*</concludedValue></identity>
      </evidence></component>
      <component type="library" bom-ref="b"><name>b</name></component>
      <component type="library" bom-ref="c"><name>c</name></component>
    </components>
    <dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency>
      <provides ref="c"/></dependency></dependencies></bom>)")
                      .bill.bom;
  ASSERT_EQ(bom.components.size(), 3U);
  EXPECT_EQ(to_text(bom.components[0].purl.value_or(Purl{})), "pkg:npm/a@1");
  EXPECT_EQ(bom.components[0].cpe, "cpe:2.3:a:b:a:1:*:*:*:*:*:*:*");
  ASSERT_EQ(bom.dependencies.size(), 2U);
  EXPECT_EQ(bom.dependencies[1].from, "b");
  EXPECT_EQ(bom.dependencies[1].to, "c");
}

TEST(Forms, AnIdentityMayStandAlone) {
  const Bom bom = read(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"a","evidence":{"identity":
      {"field":"purl","concludedValue":"pkg:npm/a@1"}}}]})")
                      .bill.bom;
  EXPECT_EQ(to_text(bom.components.at(0).purl.value_or(Purl{})), "pkg:npm/a@1");
}

TEST(Forms, SpdxIsOneBillInEveryForm) {
  const Read json = read_sample("spdx/valid/crane.spdx.json");
  for (const char* form : {"crane.spdx", "crane.spdx.yaml", "crane.spdx.xml"}) {
    const Read other = read_sample(std::string("spdx/valid/") + form);
    EXPECT_EQ(other.said, "") << form;
    EXPECT_EQ(write_cyclonedx(other.bill.bom), write_cyclonedx(json.bill.bom)) << form;
  }
}

TEST(Forms, Spdx3JoinsPackagesModelsAndData) {
  const Read read = read_sample("spdx/valid/crane.spdx3.json");
  EXPECT_EQ(read.said, "");
  const Bom& bom = read.bill.bom;
  EXPECT_EQ(bom.format, "SPDX 3.0.1");
  EXPECT_EQ(bom.serial, "https://example.org/spdx/crane-3#document");
  EXPECT_EQ(bom.tools, std::vector<std::string>{"builder-2.1"});
  EXPECT_EQ(to_text(bom.made.value()), "2028-05-01T08:00:00Z");
  EXPECT_EQ(bom.subject.value_or(Component{}).name, "crane");
  EXPECT_EQ(bom.subject.value_or(Component{}).type, "application");
  ASSERT_EQ(bom.components.size(), 3U);
  const Component& hook = bom.components[0];
  EXPECT_EQ(to_text(hook.purl.value()), "pkg:npm/hook@2.0.0");
  EXPECT_EQ(hook.supplier, "Example AS");
  EXPECT_EQ(hook.licences, std::vector<std::string>{"MIT"});
  EXPECT_EQ(hook.digests.at(0).first, "SHA-256");
  EXPECT_EQ(hook.cpe, "cpe:2.3:a:example:hook:2.0.0:*:*:*:*:*:*:*");
  EXPECT_EQ(bom.components[1].type, "machine-learning-model");
  EXPECT_EQ(to_text(bom.components[1].purl.value()), "pkg:huggingface/example/sight@3");
  EXPECT_EQ(bom.components[2].type, "data");
  EXPECT_EQ(bom.dependencies.size(), 3U);
}

/// An SPDX 3 document of these nodes, which `of` name by "c" (creation) and "u:..." ids.
std::string spdx3(const std::string& nodes) {
  return R"({"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
    {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2028-05-01T08:00:00Z",
     "createdBy":["u:x:maker"]},
    {"type":"Person","spdxId":"u:x:maker","creationInfo":"_:c","name":"A. Maker"})" +
         nodes + "]}";
}

std::string package3(const std::string& name, const std::string& more = "") {
  return R"({"type":"software_Package","spdxId":"u:x:)" + name +
         R"(","creationInfo":"_:c","name":")" + name + "\"" + more + "}";
}

TEST(Forms, Spdx3FindsElementsInsideOthers) {
  const std::string inner = R"("from":"u:x:app","relationshipType":"dependsOn","to":[)" +
                            package3("lib", R"(,"software_packageUrl":"pkg:npm/lib@1",
                              "verifiedUsing":["_:hash"],"externalIdentifier":["_:cpe"])") +
                            "]";
  const Read found = read(spdx3(
      R"(,{"type":"Hash","@id":"_:hash","algorithm":"sha256","hashValue":"00"},
         {"type":"ExternalIdentifier","@id":"_:cpe","externalIdentifierType":"cpe23",
          "identifier":"cpe:2.3:a:b:lib:1:*:*:*:*:*:*:*"},
         {"type":"software_Sbom","spdxId":"u:x:bom","creationInfo":"_:c","rootElement":[)" +
      package3("app") +
      R"(],"element":[{"type":"Relationship","spdxId":"u:x:r","creationInfo":"_:c",)" + inner +
      "}]}"));
  EXPECT_EQ(found.said, "");
  const Bom& bom = found.bill.bom;
  EXPECT_EQ(bom.subject.value_or(Component{}).name, "app");
  ASSERT_EQ(bom.components.size(), 1U);
  EXPECT_EQ(to_text(bom.components[0].purl.value_or(Purl{})), "pkg:npm/lib@1");
  EXPECT_EQ(bom.components[0].cpe, "cpe:2.3:a:b:lib:1:*:*:*:*:*:*:*");
  EXPECT_EQ(bom.components[0].digests.size(), 1U);
  ASSERT_EQ(bom.dependencies.size(), 1U);
  EXPECT_EQ(bom.dependencies[0].to, "u:x:lib");
}

TEST(Forms, Spdx3StatementsMayStandInsideOthers) {
  const auto statements = read(spdx3("," + package3("lib") + R"(,
        {"type":"software_Sbom","spdxId":"u:x:bom","creationInfo":"_:c","element":[
         {"type":"security_VexFixedVulnAssessmentRelationship","spdxId":"u:x:v",
          "creationInfo":"_:c","relationshipType":"fixedIn","to":["u:x:lib"],
          "from":{"type":"security_Vulnerability","spdxId":"u:x:cve","creationInfo":"_:c",
                  "externalIdentifier":["_:id"]}}]},
        {"type":"ExternalIdentifier","@id":"_:id","externalIdentifierType":"cve",
         "identifier":"CVE-2028-0001"})"))
                              .bill.statements;
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].vulnerability, "CVE-2028-0001");
}

TEST(Forms, Spdx3WritesLicencesAsExpressions) {
  const auto licences = [](const std::string& id) {
    const Read found = read(spdx3(
        "," + package3("lib") +
        R"(,{"type":"expandedlicensing_ListedLicense","spdxId":"https://spdx.org/licenses/MIT",
             "creationInfo":"_:c","name":"MIT License","simplelicensing_licenseText":"..."},
            {"type":"expandedlicensing_CustomLicense","spdxId":"u:x:own","creationInfo":"_:c",
             "name":"Own, 2nd","simplelicensing_licenseText":"..."},
            {"type":"expandedlicensing_OrLaterOperator","spdxId":"u:x:later","creationInfo":"_:c",
             "expandedlicensing_subjectLicense":"https://spdx.org/licenses/GPL-2.0"},
            {"type":"expandedlicensing_WithAdditionOperator","spdxId":"u:x:with",
             "creationInfo":"_:c","expandedlicensing_subjectExtendableLicense":"u:x:later",
             "expandedlicensing_subjectAddition":"https://spdx.org/licenses/Bison-exception-2.2"},
            {"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"u:x:or",
             "creationInfo":"_:c","expandedlicensing_member":["u:x:with","u:x:own"]},
            {"type":"expandedlicensing_ConjunctiveLicenseSet","spdxId":"u:x:and",
             "creationInfo":"_:c",
             "expandedlicensing_member":["https://spdx.org/licenses/MIT","u:x:or"]},
            {"type":"expandedlicensing_ConjunctiveLicenseSet","spdxId":"u:x:circle",
             "creationInfo":"_:c","expandedlicensing_member":["u:x:circle","u:x:circle"]},
            {"type":"Relationship","spdxId":"u:x:r","creationInfo":"_:c","from":"u:x:lib",
             "relationshipType":"hasConcludedLicense","to":[")" +
        id + "\"]}"));
    return found.bill.bom.components.at(0).licences;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(licences("https://spdx.org/licenses/MIT"), Texts{"MIT"});
  EXPECT_EQ(licences("u:x:own"), Texts{"Own, 2nd"});
  EXPECT_EQ(licences("u:x:with"), Texts{"GPL-2.0+ WITH Bison-exception-2.2"});
  EXPECT_EQ(licences("u:x:and"),
            Texts{"MIT AND (GPL-2.0+ WITH Bison-exception-2.2 OR LicenseRef-Own--2nd)"});
  EXPECT_EQ(licences("u:x:circle"), Texts{});
}

TEST(Forms, Spdx3LicencesDoNotFillTheMemory) {
  const std::string own(std::size_t{1} << 20U, 'a');
  std::string nodes = R"(,{"type":"simplelicensing_LicenseExpression","spdxId":"u:x:own",
    "creationInfo":"_:c","simplelicensing_licenseExpression":")" +
                      own + "\"}";
  for (int i = 0; i < 200; ++i) {
    const std::string name = std::to_string(i);
    nodes += "," + package3(name) + R"(,{"type":"Relationship","spdxId":"u:x:r)" + name +
             R"(","creationInfo":"_:c","relationshipType":"hasConcludedLicense",
              "from":"u:x:)" +
             name + R"(","to":["u:x:own"]})";
  }
  const Read found = read(spdx3(nodes));
  EXPECT_EQ(found.bill.bom.components.at(0).licences.at(0).size(), own.size());
  EXPECT_TRUE(found.bill.bom.components.at(199).licences.empty());
  EXPECT_NE(found.said.find("error[bom.size]"), std::string::npos) << found.said;
}

TEST(Forms, Spdx3SaysWhatIsNeededInDevelopmentAlone) {
  const auto scope = [](const std::string& by, const std::string& type, const std::string& more) {
    return R"(,{"type":"LifecycleScopedRelationship","spdxId":"u:x:by-)" + by +
           R"(","creationInfo":"_:c","from":"u:x:)" + by + R"(","relationshipType":")" + type +
           R"(","to":["u:x:lib"])" + more + "}";
  };
  const auto read_scope = [](const std::string& edges) {
    const Read found =
        read(spdx3("," + package3("lib") + "," + package3("a") + "," + package3("b") + edges));
    EXPECT_EQ(found.said, "");
    return found.bill.bom.components.at(0).scope;
  };
  const std::string test = scope("a", "dependsOn", R"(,"scope":"test")");
  EXPECT_EQ(read_scope(test), "development");
  EXPECT_EQ(read_scope(test + scope("b", "hasOptionalDependency", "")), "optional");
  EXPECT_EQ(read_scope(test + scope("b", "dependsOn", R"(,"scope":"runtime")")), "");
}

TEST(Forms, Spdx3IsHeldToTheMembersOfEachClass) {
  const auto said = [](const std::string& node) { return read(spdx3("," + node)).said; };
  EXPECT_NE(said(package3("lib", R"(,"software_packageVersoin":"1")"))
                .find("found 'software_packageVersoin'; did you mean 'software_packageVersion'?"),
            std::string::npos);
  EXPECT_NE(said(R"({"type":"Relationship","spdxId":"u:x:r","creationInfo":"_:c",
                     "from":"u:x:a","relationshipType":"dependsOn"})")
                .find("expected 'to', found nothing"),
            std::string::npos);
  EXPECT_NE(said(package3("lib", R"(,"suppliedBy":{"type":"Hash","algorithm":"md5",
                                     "hashValue":"00"})"))
                .find("found 'Hash'"),
            std::string::npos);
  EXPECT_NE(said(package3("lib", R"(,"from":"u:x:a")")).find("found 'from'"), std::string::npos);
  EXPECT_NE(said(R"({"type":"dataset_DatasetPackage","spdxId":"u:x:d","creationInfo":"_:c"})")
                .find("expected 'dataset_datasetType', found nothing"),
            std::string::npos);
  EXPECT_EQ(said(R"({"type":"https://example.org/Own","any":1})"), "");
}

TEST(Forms, Spdx3OfNothingIsReadAsNothing) {
  const Read found =
      read(R"({"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]})");
  EXPECT_TRUE(found.bill.bom.components.empty());
  EXPECT_EQ(found.said, "");
}

TEST(Envelopes, AreOpenedAndSaidNotToBeChecked) {
  const std::string folder = "tests/data/formats/envelope/valid";
  for (const auto& file : test::files_in(source_path(folder))) {
    const Read opened = read(read_file(file.string()), "f");
    EXPECT_EQ(opened.said,
              "f: note[envelope.signature]: the signature was not checked; lines are those of the "
              "payload\n")
        << file;
    ASSERT_EQ(opened.bill.bom.components.size(), 1U) << file;
    EXPECT_EQ(to_text(opened.bill.bom.components[0].purl.value()), "pkg:npm/hook@2.0.0") << file;
  }
}

TEST(Envelopes, EveryInvalidFileGivesItsMessages) {
  test::expect_messages(
      "tests/data/formats/envelope/invalid",
      [](const std::string& bytes, const std::string& name) { return read(bytes, name).said; });
}

TEST(Envelopes, Base64IsThatOfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(decode_base64("Zm9vYg"), "foob");
  EXPECT_EQ(decode_base64("-_8"), "\xFB\xFF");
  EXPECT_EQ(decode_base64("Z"), std::nullopt);
  EXPECT_EQ(decode_base64("Zm 9"), std::nullopt);
}

std::string xml_bill(const std::string& inside) {
  return "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">" + inside + "</bom>";
}

TEST(HostileXml, NothingIsExpandedAndNothingIsLoaded) {
  const std::string laughs =
      "<!DOCTYPE bom [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>" +
      xml_bill("<components/>&c;");
  EXPECT_EQ(read(laughs).code, "xml.doctype");
  EXPECT_EQ(read("<!DOCTYPE bom SYSTEM \"file:///etc/passwd\">" + xml_bill("")).code,
            "xml.doctype");
  // A hint where a schema lies is not followed.
  const std::string hint =
      "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:schemaLocation=\"https://example.org/own file:///etc/passwd\"><components/></bom>";
  EXPECT_EQ(read(hint).said, "");
}

TEST(HostileXml, DepthAndTextHaveLimits) {
  std::string open;
  std::string close;
  for (int i = 0; i < 60; ++i) {
    open += "<components><component type=\"library\"><name>n</name>";
    close += "</component></components>";
  }
  EXPECT_EQ(read(xml_bill(open + close)).code, "xml.depth");
  std::string deeper;
  for (int i = 0; i < 100'000; ++i)
    deeper += "<a>";
  EXPECT_EQ(read(deeper).code, "xml.syntax");
  EXPECT_EQ(read(xml_bill("\xFF")).code, "xml.syntax");
  EXPECT_EQ(read("<").code, "xml.syntax");
}

TEST(HostileXml, ALongListIsReadInTime) {
  std::string components;
  for (int i = 0; i < 20'000; ++i)
    components += "<component type=\"library\" bom-ref=\"r" + std::to_string(i) +
                  "\"><name>n</name></component>";
  const Read many = read(xml_bill("<components>" + components + "</components>"));
  EXPECT_EQ(many.said, "");
  EXPECT_EQ(many.bill.bom.components.size(), 20'000U);
}

TEST(HostileText, ManyUnknownTagsAreReadInTime) {
  std::string bill = "SPDXVersion: SPDX-2.3\n";
  for (int i = 0; i < 100'000; ++i)
    bill += "Packagename" + std::to_string(i) + ": n\n";
  EXPECT_NE(read(bill).said.find("did you mean 'PackageName'?"), std::string::npos);
}

TEST(HostileXml, ManyNamesAreReadInTime) {
  std::string elements;
  for (int i = 0; i < 100'000; ++i)
    elements += "<e" + std::to_string(i) + "/>";
  const Read cyclonedx = read(xml_bill("<components><component type=\"library\"><name>n</name>" +
                                       elements + "</component></components>"));
  EXPECT_EQ(cyclonedx.bill.bom.components.size(), 1U);
  const Read spdx = read("<Document><spdxVersion>SPDX-2.3</spdxVersion><packages><name>n</name>" +
                         elements + "</packages></Document>");
  EXPECT_EQ(spdx.bill.bom.components.size(), 1U);
}

TEST(HostileText, OtherEncodingsAndFormsAreNamed) {
  EXPECT_EQ(read(std::string("\xFF\xFE{\0}\0", 6)).code, "bom.format");
  EXPECT_EQ(read("PK\x03\x04").code, "bom.format");
  EXPECT_EQ(read("SPDXVersion: SPDX-2.3\nDocumentName: \xFF\n").code, "spdx.tag");
  EXPECT_EQ(read("").code, "json.syntax");
  std::string deep = "spdxVersion: SPDX-2.3\na: ";
  deep += std::string(200, '[') + std::string(200, ']');
  EXPECT_EQ(read(deep).code, "yaml.depth");
}

}  // namespace
}  // namespace lockstep::formats
