// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/can_gateway.hpp"

#include <algorithm>

namespace doppelpack::can_emulator {

namespace {

bool is_drawn(double share, const Chance& chance, CanGatewayState& state) {
  return share > 0.0 && chance(state.draws++) < share;
}

CanFrame without_end(CanFrame frame, const Chance& chance, CanGatewayState& state) {
  frame.dlc = static_cast<std::uint8_t>(chance(state.draws++) * frame.dlc);
  std::fill(frame.data.begin() + frame.dlc, frame.data.end(), std::uint8_t{0});
  return frame;
}

void hold(CanGatewayState& state, const CanFrame& frame, std::int64_t due_ns) {
  // A delay that shrinks lets nobody overtake.
  if (!state.held.empty()) due_ns = std::max(due_ns, state.held.back().due_ns);
  state.held.push_back({due_ns, frame});
}

}  // namespace

bool is_transparent(const CanGateway& gateway, const CanGatewayState& state) {
  return gateway == CanGateway{} && state.held.empty() && !state.behind;
}

bool enter(const CanGateway& gateway, const Chance& chance, CanGatewayState& state,
           const CanFrame& frame, std::int64_t t_ns) {
  if (state.held.size() >= kGatewayBuffer) return false;
  const bool is_cut = is_drawn(gateway.truncated, chance, state);
  const CanFrame passed = is_cut ? without_end(frame, chance, state) : frame;
  const bool is_late = is_drawn(gateway.reordered, chance, state);
  if (is_late && !state.behind) {
    state.behind = passed;
    return true;
  }
  const std::int64_t due_ns = t_ns + gateway.delay_ns;
  hold(state, passed, due_ns);
  if (is_drawn(gateway.duplicated, chance, state)) hold(state, passed, due_ns);
  if (state.behind) hold(state, *state.behind, due_ns);
  state.behind.reset();
  return true;
}

std::int64_t next_event_ns(const CanGatewayState& state) {
  return state.held.empty() ? kNever_ns : state.held.front().due_ns;
}

std::optional<CanFrame> leave(CanGatewayState& state, std::int64_t t_ns) {
  if (next_event_ns(state) > t_ns) return std::nullopt;
  const CanFrame frame = state.held.front().frame;
  state.held.pop_front();
  return frame;
}

}  // namespace doppelpack::can_emulator
