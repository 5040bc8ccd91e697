// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Counts calls of malloc where that is possible; the counter itself is in pack_state_test.cpp.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define DOPPELPACK_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DOPPELPACK_COUNTS_ALLOCATIONS 0
#endif
#endif
#if !defined(DOPPELPACK_COUNTS_ALLOCATIONS) && defined(__GLIBC__)
#define DOPPELPACK_COUNTS_ALLOCATIONS 1
#endif

namespace doppelpack::models::testing {

extern long allocations;
extern std::size_t allocated_bytes;

}  // namespace doppelpack::models::testing
