// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function with a loop over plain arrays: builds it for several instruction sets, chosen
/// at run time. Without fused multiply-adds (see the build file) all of them give the same bits.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define LS_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LS_WIDE
#endif
