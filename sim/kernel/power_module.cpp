// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power_module.hpp"

#include <algorithm>
#include <string>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

// A body diode is a way, an avalanche is none, nor is a pre-charge resistor.
bool is_way(const models::PathElements& elements, const models::PathDirection& direction) {
  constexpr double kDiode_V = 10.0;
  return elements.is_plugged && elements.precharge_Ohm == 0.0 && direction.start_V < kDiode_V;
}

/// The packs on the terminals, as one.
struct Behind {
  double terminal_V = 0.0;
  double stack_V = 0.0;  ///< behind the switches
  bool can_charge = false;
  bool can_discharge = false;
};

Behind behind_terminals(const BenchState& state) {
  if (state.units.size() == 1) {
    const models::PackState& pack = state.units.front().pack;
    return {pack.terminal_V, pack.stack_V, is_way(pack.elements, pack.elements.charge),
            is_way(pack.elements, pack.elements.discharge)};
  }
  Behind behind{state.bank.bus_V};
  for (const models::BranchState& branch : state.bank.branches) {
    const bool can_charge = is_way(branch.elements, branch.elements.charge);
    const bool can_discharge = is_way(branch.elements, branch.elements.discharge);
    behind.can_charge = behind.can_charge || can_charge;
    behind.can_discharge = behind.can_discharge || can_discharge;
    if (can_charge || can_discharge) behind.stack_V = std::max(behind.stack_V, branch.stack.emf_V);
  }
  return behind;
}

// With one direction open the simulated terminals float while nothing flows: whoever plays them stays
// where the other direction begins.
TerminalWish look_at(const BenchState& state, Time now_ns) {
  const Behind behind = behind_terminals(state);
  TerminalWish wish;
  wish.t_ns = now_ns;
  wish.terminal_V = behind.terminal_V;
  wish.can_charge = behind.can_charge;
  wish.can_discharge = behind.can_discharge;
  wish.is_wanted = state.power.is_wanted && state.inverter.is_connected;
  if (wish.can_charge && !wish.can_discharge)
    wish.terminal_V = std::max(behind.terminal_V, behind.stack_V);
  if (wish.can_discharge && !wish.can_charge)
    wish.terminal_V = std::min(behind.terminal_V, behind.stack_V);
  return wish;
}

}  // namespace

PowerModule::PowerModule(const sc_core::sc_module_name& name, OutsideCurrent& outside,
                         double conductance_S, LocalTime& time, Sampler& sampler, BenchState& state,
                         EventLog& events)
    : sc_module(name),
      outside_(outside),
      conductance_S_(conductance_S),
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
                {{"state", std::string(kPowerPhases[static_cast<std::size_t>(phase)])}});
  impose(wish);
}

// Where the switches are open nothing flows, whatever was measured an instant ago. Up to the next exchange
// a current that has lost its way charges the link; not far.
void PowerModule::impose(const TerminalWish& wish) {
  const PowerReading& reading = state_.power.reading;
  double current_A = reading.is_valid ? reading.measured_A : 0.0;
  if (!wish.can_charge) current_A = std::min(current_A, 0.0);
  if (!wish.can_discharge) current_A = std::max(current_A, 0.0);
  constexpr double kRoom = 1.1;
  const bool is_open = !wish.can_charge || !wish.can_discharge;
  state_.stage_inputs.imposed = models::ImposedCurrent{current_A, kRoom * wish.terminal_V + 1.0,
                                                       is_open ? conductance_S_ : 0.0};
}

}  // namespace doppelpack::sim
