// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pacer.hpp"

#include <cerrno>
#include <ctime>

namespace doppelpack::sim {

void Pacer::resume(Time t_ns) {
  start_t_ns_ = t_ns;
  start_wall_ = std::chrono::steady_clock::now();
}

void Pacer::wait_for(Time t_ns) const {
  if (!is_paced()) return;
  const auto ahead =
      std::chrono::duration<double, std::nano>(static_cast<double>(t_ns - start_t_ns_) / speed_);
  const auto deadline =
      start_wall_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(ahead);
  // steady_clock is CLOCK_MONOTONIC on Linux, for libstdc++ and libc++ alike.
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
  const timespec until{static_cast<time_t>(since_epoch / kSecond),
                       static_cast<long>(since_epoch % kSecond)};
  // A signal ends the wait early: the caller looks at its stop flag, and the next deadline is
  // absolute again.
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

}  // namespace doppelpack::sim
