// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lockstep::ai {

/// Makes the C library keep freed memory for the next step of an attack instead of handing it back
/// to the system. To be called once, at the start of the program.
void keep_freed_memory();

}  // namespace lockstep::ai
