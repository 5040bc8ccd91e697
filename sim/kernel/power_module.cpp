// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power_module.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::array<std::string_view, 6> kPhaseNames{"none",     "connecting", "off",
                                                      "starting", "on",         "safe"};

// A body diode is a way, an avalanche is none, nor is a pre-charge resistor.
bool is_way(const models::PathElements& elements, const models::PathDirection& direction) {
  constexpr double kDiode_V = 10.0;
  return elements.is_plugged && elements.precharge_Ohm == 0.0 && direction.start_V < kDiode_V;
}

TerminalWish look_at(const BenchState& state, Time now_ns) {
  TerminalWish wish;
  wish.t_ns = now_ns;
  wish.is_wanted = state.power.is_wanted && state.inverter.is_connected;
  if (state.units.size() == 1) {
    const models::PackState& pack = state.units.front().pack;
    wish.terminal_V = pack.terminal_V;
    wish.can_charge = is_way(pack.elements, pack.elements.charge);
    wish.can_discharge = is_way(pack.elements, pack.elements.discharge);
    return wish;
  }
  wish.terminal_V = state.bank.bus_V;
  for (const models::BranchState& branch : state.bank.branches) {
    wish.can_charge = wish.can_charge || is_way(branch.elements, branch.elements.charge);
    wish.can_discharge = wish.can_discharge || is_way(branch.elements, branch.elements.discharge);
  }
  return wish;
}

}  // namespace

PowerModule::PowerModule(const sc_core::sc_module_name& name, OutsideCurrent& outside, double max_V,
                         LocalTime& time, Sampler& sampler, BenchState& state, EventLog& events)
    : sc_module(name),
      outside_(outside),
      max_V_(max_V),
      sampler_(sampler),
      state_(state),
      events_(events),
      next_exchange_(time, due_ns_) {
  SC_HAS_PROCESS(PowerModule);
  SC_METHOD(exchange);
  sensitive << next_exchange_.event();
  dont_initialize();
}

void PowerModule::plug_in() {
  const Time now_ns = sc_now_ns();
  due_ns_ = now_ns - now_ns % kHostPeriod + kPowerPhase;
  if (due_ns_ < now_ns) due_ns_ += kHostPeriod;
}

void PowerModule::exchange() {
  const Time now_ns = sc_now_ns();
  next_exchange_.acknowledge();
  next_exchange_.set(now_ns + kHostPeriod);
  sampler_.catch_up();
  const TerminalWish wish = look_at(state_, now_ns);
  const PowerPhase before = state_.power.reading.phase;
  state_.power.reading = outside_.exchange(wish);
  const PowerPhase phase = state_.power.reading.phase;
  if (phase != before)
    events_.add(now_ns, "power",
                {{"state", std::string(kPhaseNames[static_cast<std::size_t>(phase)])}});
  impose(wish);
}

// Where the switches are open nothing flows, whatever was measured an instant ago.
void PowerModule::impose(const TerminalWish& wish) {
  const PowerReading& reading = state_.power.reading;
  double current_A = reading.is_valid ? reading.measured_A : 0.0;
  if (!wish.can_charge) current_A = std::min(current_A, 0.0);
  if (!wish.can_discharge) current_A = std::max(current_A, 0.0);
  state_.stage_inputs.imposed = models::ImposedCurrent{current_A, max_V_};
}

}  // namespace doppelpack::sim
