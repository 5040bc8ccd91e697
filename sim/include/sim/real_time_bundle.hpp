// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What --real-time of the program and real_time of the Python package ask the host for, beside memory that
// stays: RealTimeOptions.
#pragma once

#include <chrono>

namespace doppelpack::sim {

inline constexpr std::chrono::microseconds kRealTimeSpin{100};
/// Above ordinary threads, among the threads of interrupts.
inline constexpr int kRealTimeFifoPriority = 50;

}  // namespace doppelpack::sim
