// SPDX-License-Identifier: Apache-2.0
// What the rows of the family (evasion/attack.cpp) point to. Each is explained in the file of its
// name.
#pragma once

#include <memory>

#include "ai/worker/evasion/seat.hpp"

namespace lockstep::ai {

class Attack;

std::unique_ptr<Attack> make_fgsm(const AttackOptions& options);
std::unique_ptr<Attack> make_noise(const AttackOptions& options);
std::unique_ptr<Attack> make_pgd(const AttackOptions& options);

Search<bool> search_apgd_ce(Seat& seat);
Search<bool> search_apgd_dlr(Seat& seat);
Search<bool> search_apgd_t(Seat& seat);
Search<bool> search_boundary(Seat& seat);
Search<bool> search_capgd(Seat& seat);
Search<bool> search_cw(Seat& seat);
Search<bool> search_ddn(Seat& seat);
Search<bool> search_deepfool(Seat& seat);
Search<bool> search_ead(Seat& seat);
Search<bool> search_fab_t(Seat& seat);
Search<bool> search_fmn(Seat& seat);
Search<bool> search_hsj(Seat& seat);
Search<bool> search_mi_fgsm(Seat& seat);
Search<bool> search_moeva(Seat& seat);
Search<bool> search_rays(Seat& seat);
Search<bool> search_simba(Seat& seat);
Search<bool> search_square(Seat& seat);

}  // namespace lockstep::ai
