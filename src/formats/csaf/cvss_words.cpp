// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/cvss_words.hpp"

#include <array>

namespace lockstep::formats::csaf {
namespace {

constexpr std::string_view impact_2 = "NONE=N PARTIAL=P COMPLETE=C";
constexpr std::string_view need_2 = "LOW=L MEDIUM=M HIGH=H NOT_DEFINED=ND";

constexpr std::array words_2 = {
    CvssWord{"accessVector", "AV", "LOCAL=L ADJACENT_NETWORK=A NETWORK=N"},
    CvssWord{"accessComplexity", "AC", "HIGH=H MEDIUM=M LOW=L"},
    CvssWord{"authentication", "Au", "MULTIPLE=M SINGLE=S NONE=N"},
    CvssWord{"confidentialityImpact", "C", impact_2},
    CvssWord{"integrityImpact", "I", impact_2},
    CvssWord{"availabilityImpact", "A", impact_2},
    CvssWord{"exploitability", "E",
             "UNPROVEN=U PROOF_OF_CONCEPT=POC FUNCTIONAL=F HIGH=H NOT_DEFINED=ND"},
    CvssWord{"remediationLevel", "RL",
             "OFFICIAL_FIX=OF TEMPORARY_FIX=TF WORKAROUND=W UNAVAILABLE=U NOT_DEFINED=ND"},
    CvssWord{"reportConfidence", "RC",
             "UNCONFIRMED=UC UNCORROBORATED=UR CONFIRMED=C NOT_DEFINED=ND"},
    CvssWord{"collateralDamagePotential", "CDP",
             "NONE=N LOW=L LOW_MEDIUM=LM MEDIUM_HIGH=MH HIGH=H NOT_DEFINED=ND"},
    CvssWord{"targetDistribution", "TD", "NONE=N LOW=L MEDIUM=M HIGH=H NOT_DEFINED=ND"},
    CvssWord{"confidentialityRequirement", "CR", need_2},
    CvssWord{"integrityRequirement", "IR", need_2},
    CvssWord{"availabilityRequirement", "AR", need_2},
};

constexpr std::string_view vector_3 =
    "NETWORK=N ADJACENT_NETWORK=A LOCAL=L PHYSICAL=P NOT_DEFINED=X";
constexpr std::string_view complexity_3 = "HIGH=H LOW=L NOT_DEFINED=X";
constexpr std::string_view levels_3 = "HIGH=H LOW=L NONE=N NOT_DEFINED=X";
constexpr std::string_view interaction_3 = "NONE=N REQUIRED=R NOT_DEFINED=X";
constexpr std::string_view scope_3 = "UNCHANGED=U CHANGED=C NOT_DEFINED=X";
constexpr std::string_view need_3 = "LOW=L MEDIUM=M HIGH=H NOT_DEFINED=X";

constexpr std::array words_3 = {
    CvssWord{"attackVector", "AV", vector_3},
    CvssWord{"attackComplexity", "AC", complexity_3},
    CvssWord{"privilegesRequired", "PR", levels_3},
    CvssWord{"userInteraction", "UI", interaction_3},
    CvssWord{"scope", "S", scope_3},
    CvssWord{"confidentialityImpact", "C", levels_3},
    CvssWord{"integrityImpact", "I", levels_3},
    CvssWord{"availabilityImpact", "A", levels_3},
    CvssWord{"exploitCodeMaturity", "E",
             "UNPROVEN=U PROOF_OF_CONCEPT=P FUNCTIONAL=F HIGH=H NOT_DEFINED=X"},
    CvssWord{"remediationLevel", "RL",
             "OFFICIAL_FIX=O TEMPORARY_FIX=T WORKAROUND=W UNAVAILABLE=U NOT_DEFINED=X"},
    CvssWord{"reportConfidence", "RC", "UNKNOWN=U REASONABLE=R CONFIRMED=C NOT_DEFINED=X"},
    CvssWord{"confidentialityRequirement", "CR", need_3},
    CvssWord{"integrityRequirement", "IR", need_3},
    CvssWord{"availabilityRequirement", "AR", need_3},
    CvssWord{"modifiedAttackVector", "MAV", vector_3},
    CvssWord{"modifiedAttackComplexity", "MAC", complexity_3},
    CvssWord{"modifiedPrivilegesRequired", "MPR", levels_3},
    CvssWord{"modifiedUserInteraction", "MUI", interaction_3},
    CvssWord{"modifiedScope", "MS", scope_3},
    CvssWord{"modifiedConfidentialityImpact", "MC", levels_3},
    CvssWord{"modifiedIntegrityImpact", "MI", levels_3},
    CvssWord{"modifiedAvailabilityImpact", "MA", levels_3},
};

constexpr std::string_view vector_4 = "NETWORK=N ADJACENT=A LOCAL=L PHYSICAL=P NOT_DEFINED=X";
constexpr std::string_view presence_4 = "NONE=N PRESENT=P NOT_DEFINED=X";
constexpr std::string_view interaction_4 = "NONE=N PASSIVE=P ACTIVE=A NOT_DEFINED=X";
constexpr std::string_view further_4 = "NEGLIGIBLE=N LOW=L HIGH=H SAFETY=S NOT_DEFINED=X";

constexpr std::array words_4 = {
    CvssWord{"attackVector", "AV", vector_4},
    CvssWord{"attackComplexity", "AC", complexity_3},
    CvssWord{"attackRequirements", "AT", presence_4},
    CvssWord{"privilegesRequired", "PR", levels_3},
    CvssWord{"userInteraction", "UI", interaction_4},
    CvssWord{"vulnConfidentialityImpact", "VC", levels_3},
    CvssWord{"vulnIntegrityImpact", "VI", levels_3},
    CvssWord{"vulnAvailabilityImpact", "VA", levels_3},
    CvssWord{"subConfidentialityImpact", "SC", levels_3},
    CvssWord{"subIntegrityImpact", "SI", levels_3},
    CvssWord{"subAvailabilityImpact", "SA", levels_3},
    CvssWord{"exploitMaturity", "E", "UNREPORTED=U PROOF_OF_CONCEPT=P ATTACKED=A NOT_DEFINED=X"},
    CvssWord{"confidentialityRequirement", "CR", need_3},
    CvssWord{"integrityRequirement", "IR", need_3},
    CvssWord{"availabilityRequirement", "AR", need_3},
    CvssWord{"modifiedAttackVector", "MAV", vector_4},
    CvssWord{"modifiedAttackComplexity", "MAC", complexity_3},
    CvssWord{"modifiedAttackRequirements", "MAT", presence_4},
    CvssWord{"modifiedPrivilegesRequired", "MPR", levels_3},
    CvssWord{"modifiedUserInteraction", "MUI", interaction_4},
    CvssWord{"modifiedVulnConfidentialityImpact", "MVC", levels_3},
    CvssWord{"modifiedVulnIntegrityImpact", "MVI", levels_3},
    CvssWord{"modifiedVulnAvailabilityImpact", "MVA", levels_3},
    CvssWord{"modifiedSubConfidentialityImpact", "MSC", further_4},
    CvssWord{"modifiedSubIntegrityImpact", "MSI", further_4},
    CvssWord{"modifiedSubAvailabilityImpact", "MSA", further_4},
    CvssWord{"Safety", "S", "NEGLIGIBLE=N PRESENT=P NOT_DEFINED=X"},
    CvssWord{"Automatable", "AU", "NO=N YES=Y NOT_DEFINED=X"},
    CvssWord{"Recovery", "R", "AUTOMATIC=A USER=U IRRECOVERABLE=I NOT_DEFINED=X"},
    CvssWord{"valueDensity", "V", "DIFFUSE=D CONCENTRATED=C NOT_DEFINED=X"},
    CvssWord{"vulnerabilityResponseEffort", "RE", "LOW=L MODERATE=M HIGH=H NOT_DEFINED=X"},
    CvssWord{"providerUrgency", "U", "CLEAR=Clear GREEN=Green AMBER=Amber RED=Red NOT_DEFINED=X"},
};

}  // namespace

std::span<const CvssWord> cvss_words(std::string_view key) {
  if (key == "cvss_v2") return words_2;
  return key == "cvss_v3" ? std::span<const CvssWord>(words_3) : words_4;
}

}  // namespace lockstep::formats::csaf
