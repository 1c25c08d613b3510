// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lockstep {

/// Sets the C library up for a process that needs its memory once and then ends: the heap grows in
/// large steps and gives nothing back. To be called once, before other threads start.
void prepare_heap();

/// Asks for large pages for the heap that the calling thread takes its memory from. Where the
/// system has none, nothing changes.
void use_large_pages();

}  // namespace lockstep
