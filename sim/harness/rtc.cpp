// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/rtc.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint64_t kPicosPerNano = 1000;
constexpr std::uint64_t kPicosPerMilli = 1'000'000'000;
constexpr double kHalf = 0.5;

}  // namespace

void advance(Time now_ns, double error, RtcState& rtc) {
  const double passed_ps = static_cast<double>(now_ns - rtc.t_ns) * kPicosPerNano;
  rtc.t_ns = now_ns;
  // Rounded by hand, as nothing here is negative: a call of llround() each millisecond is dear.
  rtc.into_ms_ps += static_cast<std::uint64_t>(passed_ps * (1.0 + error) + kHalf);
  rtc.ms += static_cast<std::uint32_t>(rtc.into_ms_ps / kPicosPerMilli);
  rtc.into_ms_ps %= kPicosPerMilli;
}

}  // namespace doppelpack::sim
