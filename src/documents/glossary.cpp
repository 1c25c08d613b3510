// SPDX-License-Identifier: Apache-2.0
#include "documents/glossary.hpp"

#include <array>

namespace lockstep::documents {
namespace {

constinit const std::array<GlossaryTerm, 26> terms = {{
    {"Adversarial example",
     "An input that was changed so slightly that a person sees no difference that matters, and "
     "that "
     "the model answers wrongly.",
     "Szegedy et al. 2014"},
    {"Advisory", "A published description of a weakness in some versions of a package.",
     "OSV schema"},
    {"AI Act",
     "Regulation (EU) 2024/1689, which sets rules for systems of artificial intelligence.",
     "Official Journal of the European Union"},
    {"Bill of materials (SBOM)",
     "The list of the components that a product is built from, in a format that machines read.",
     "CycloneDX, SPDX"},
    {"Certificate of robustness",
     "A proof that no change within a stated size can turn the answer for a stated input.",
     "Literature on verified robustness"},
    {"Conformity assessment",
     "The procedure by which the manufacturer, alone or with a notified body, establishes that the "
     "requirements are met.",
     "Cyber Resilience Act, AI Act"},
    {"CRA",
     "Regulation (EU) 2024/2847, the Cyber Resilience Act, for products with digital elements.",
     "Official Journal of the European Union"},
    {"CVE", "The common name of one publicly known vulnerability.", "CVE Program"},
    {"CVSS", "A scale from 0 to 10 for the severity of a vulnerability, with the vector behind it.",
     "FIRST"},
    {"Dossier", "Everything that one run knew about one product on one day.", "lockstep"},
    {"Epsilon", "The largest change that an attacker is allowed, measured in a norm.",
     "Literature on adversarial examples"},
    {"EPSS",
     "An estimate of how probable it is that exploitation of a vulnerability is seen anywhere in "
     "the "
     "next 30 days.",
     "FIRST"},
    {"Evasion", "An attack that makes a trained model answer wrongly by changing its input.",
     "NIST AI 100-2"},
    {"Evidence", "A file, result or answer that supports a statement, held by its digest.",
     "lockstep"},
    {"Fact",
     "A named statement about the product, its maker or its world: yes, no, unknown or a value.",
     "lockstep"},
    {"High-risk AI system",
     "A system whose use or role as a safety component brings the strict requirements of the AI "
     "Act.",
     "AI Act"},
    {"Known exploited", "Listed by an authority because exploitation has been seen.",
     "CISA and EU catalogues of known exploited vulnerabilities"},
    {"NIS2", "Directive (EU) 2022/2555 on the cybersecurity of essential and important entities.",
     "Official Journal of the European Union"},
    {"Notified body", "An organisation that a Member State has named to assess conformity.",
     "Cyber Resilience Act, AI Act"},
    {"Package URL (purl)", "The uniform name of a package with type, name and version.",
     "ECMA-427"},
    {"Poisoning",
     "An attack that changes training data or weights so that the model learns wrongly.",
     "NIST AI 100-2"},
    {"Robust accuracy", "The share of inputs that the model still answers rightly under attack.",
     "Literature on adversarial examples"},
    {"SHA-256", "A digest: any change of a file gives another one.", "FIPS 180-4"},
    {"Support period",
     "The time in which the manufacturer must handle vulnerabilities of the product.",
     "Cyber Resilience Act"},
    {"Threshold", "The bound that a test must keep, set and locked before the test is run.",
     "lockstep, after the AI Act's rule on metrics defined in advance"},
    {"VEX",
     "A statement of the maker whether a vulnerability of a component can be exploited in the "
     "product.",
     "OpenVEX, CSAF"},
}};

}  // namespace

std::span<const GlossaryTerm> glossary() {
  return terms;
}

}  // namespace lockstep::documents
