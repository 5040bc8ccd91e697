// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/panel_watch.hpp"

#include <limits>

namespace doppelpack::sim {

namespace {

void see_rise(Time now_ns, LampWatch& lamp) {
  const Time period_ns = lamp.rose_ns < 0 ? 0 : now_ns - lamp.rose_ns;
  lamp.period_ns = period_ns <= kLook ? period_ns : 0;
  const bool is_new_group = lamp.rose_ns < 0 || now_ns - lamp.changed_ns >= kPauseOfGroup;
  if (is_new_group) lamp.last_flashes = lamp.flashes;
  lamp.flashes = is_new_group ? 1 : lamp.flashes + 1;
  lamp.rose_ns = now_ns;
}

bool is_lit(const PanelWatch& panel, int lamp) {
  return (panel.lit >> static_cast<unsigned>(lamp) & 1U) != 0;
}

const LampWatch& watch_of(const PanelWatch& panel, int lamp) {
  return panel.lamps[static_cast<std::size_t>(lamp)];
}

}  // namespace

void look(Time now_ns, std::uint32_t lit, PanelWatch& panel) {
  panel.now_ns = now_ns;
  const std::uint32_t changed = panel.lit ^ lit;
  if (changed == 0) [[likely]]
    return;
  panel.lit = lit;
  for (int i = 0; i < kLampCount; ++i) {
    if ((changed >> static_cast<unsigned>(i) & 1U) == 0) continue;
    LampWatch& lamp = panel.lamps[static_cast<std::size_t>(i)];
    if (is_lit(panel, i)) {
      see_rise(now_ns, lamp);
    } else {
      lamp.lit_ns = now_ns - lamp.rose_ns;
    }
    lamp.changed_ns = now_ns;
  }
}

LampPattern pattern_of(const PanelWatch& panel, int lamp) {
  const LampWatch& watch = watch_of(panel, lamp);
  const bool is_steady = watch.rose_ns < 0 || panel.now_ns - watch.changed_ns >= kLook;
  if (is_steady) return is_lit(panel, lamp) ? LampPattern::solid : LampPattern::dark;
  return watch.period_ns > 0 ? LampPattern::flashing : LampPattern::unsure;
}

double period_s(const PanelWatch& panel, int lamp) {
  if (pattern_of(panel, lamp) != LampPattern::flashing)
    return std::numeric_limits<double>::quiet_NaN();
  return to_seconds(watch_of(panel, lamp).period_ns);
}

int counted_flashes(const PanelWatch& panel, int lamp) {
  const LampWatch& watch = watch_of(panel, lamp);
  const bool is_group_over =
      !is_lit(panel, lamp) && panel.now_ns - watch.changed_ns >= kPauseOfGroup;
  return is_group_over ? watch.flashes : watch.last_flashes;
}

}  // namespace doppelpack::sim
