// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pacer.hpp"

#include <cerrno>
#include <ctime>

namespace doppelpack::sim {

namespace {

/// Later than this is not lag but a pause.
constexpr std::chrono::milliseconds kPause{200};

}  // namespace

void Pacer::resume(Time t_ns) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_paced()) return;
  if (is_started_ && now - due(t_ns) < kPause) return;
  is_started_ = true;
  start_t_ns_ = t_ns;
  start_wall_ = now;
}

std::chrono::steady_clock::time_point Pacer::due(Time t_ns) const {
  if (!is_paced()) return {};
  const auto ahead =
      std::chrono::duration<double, std::nano>(static_cast<double>(t_ns - start_t_ns_) / speed_);
  return start_wall_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(ahead);
}

void Pacer::wait_for(Time t_ns) const {
  if (!is_paced()) return;
  // steady_clock is CLOCK_MONOTONIC on Linux, for libstdc++ and libc++ alike.
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(due(t_ns).time_since_epoch()).count();
  const timespec until{static_cast<time_t>(since_epoch / kSecond),
                       static_cast<long>(since_epoch % kSecond)};
  // A signal ends the wait early: the caller looks at its stop flag, and the next deadline is
  // absolute again.
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

}  // namespace doppelpack::sim
