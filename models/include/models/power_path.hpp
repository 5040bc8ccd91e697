// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The power path: everything between the cell stack and the inverter's DC link, as one loop.
//
//  stack -[fuse]-[shunt]-[DSG]-[CHG]-[main 1   ]-[main 2]-[breaker]- P+/P- -[cable]- link, stage
//                                    [pre, R_pre]                     |short|
//
// Two solutions share one state and one set of equations: settle(), quasi-static, for steps of
// normal operation, and run_transient() (transient.hpp), exact in microseconds, for everything
// fast. Positive current charges the pack, everywhere; the link's voltage is seen from the
// inverter.
#pragma once

#include <limits>

#include "models/comparator.hpp"
#include "models/hardware.hpp"
#include "models/protection_devices.hpp"
#include "models/terminal_source.hpp"

namespace doppelpack::models {

/// A voltage behind a resistance.
struct Thevenin {
  double emf_V = 0.0;
  double r_Ohm = 0.0;
};

/// One direction of the back-to-back switch, all parallel devices together. Off, it conducts
/// against its own direction through the body diodes and breaks down at the avalanche voltage in
/// its own. Figures: cell_models reference, 6.2 and 6.3; the energy limit is an estimate (12
/// devices of 0.8 J single pulse).
struct SwitchParameters {
  double on_Ohm = 0.0004;   ///< at 25 degC
  double on_per_K = 0.008;  ///< x1.6 at 100 degC
  double diode_V = 0.722;   ///< knee; with diode_Ohm fits 0.75 V at 10 A and 1.0 V at 100 A
  double diode_Ohm = 0.00278;
  double avalanche_V = 115.0;
  double avalanche_limit_J = 10.0;  ///< in one pulse; more melts the group shut
};

struct PowerPathParameters {
  double shunt_Ohm = 0.00025;
  double terminal_Ohm = 0.0005;  ///< terminals and the wires inside the box, both poles
  SwitchParameters charge_switch;
  SwitchParameters discharge_switch;
  bool has_relays = false;  ///< without: closed for good, 0 Ohm
  ContactParameters contact;
  double precharge_Ohm = 30.0;
  FuseParameters fuse;
  BreakerParameters breaker;
  double arc_V = 120.0;   ///< across whatever opens under current: relay, breaker, fuse; estimate
  double loop_H = 2e-6;   ///< > 0: stack, box and a short at the terminals (reference, 6.2)
  double cable_H = 1e-6;  ///< > 0
  double cable_Ohm = 0.0015;
  double link_F = 10e-3;  ///< > 0: 4 to 20 mF at 5 kW (reference, 6.3)
  double clamp_V = 1.6;   ///< knee of the inverter's anti-parallel diodes, two in series; estimate
  double clamp_Ohm = 0.003;
  double insulation_Ohm = 10e6;  ///< from each pole to earth, as designed; estimate
  double step_s = 1e-6;          ///< of the transient
};

struct SwitchState {
  double avalanche_J = 0.0;  ///< of the present pulse
  bool is_molten = false;    ///< shut for good

  bool operator==(const SwitchState&) const = default;
};

struct PowerPathState {
  double current_A = 0.0;   ///< through stack, shunt and switches
  double cable_A = 0.0;     ///< from the link into the terminals
  double terminal_V = 0.0;  ///< P+ to P-
  double link_V = 0.0;      ///< at the inverter's own terminals

  double peak_A = 0.0;  ///< highest magnitude of current_A in the present transient

  ContactState main_1;
  ContactState main_2;
  ContactState precharge;
  FuseState fuse;
  BreakerState breaker;
  SwitchState charge_switch;
  SwitchState discharge_switch;
  ComparatorBankState comparators;

  bool operator==(const PowerPathState&) const = default;
};

struct PathInputs {
  bool charge_gate = false;  ///< what the firmware wants; a latched comparator overrules it
  bool discharge_gate = false;
  bool main_1 = false;  ///< coils
  bool main_2 = false;
  bool precharge = false;
  bool is_plugged = true;  ///< the cable is on the terminals
  double switch_degC = 25.0;
  TerminalSource source;  ///< the stage, as it acts on the link
};

/// What a current in one direction meets between stack and terminals.
struct PathDirection {
  double r_Ohm = 0.0;       ///< all of it, switch_Ohm included
  double switch_Ohm = 0.0;  ///< channels or diodes
  double knee_V = 0.0;
  double charge_avalanche_V = 0.0;  ///< across the CHG group, only while current is forced
  double discharge_avalanche_V = 0.0;
  double arc_V = 0.0;
  double drop_V = 0.0;   ///< the sum of the voltages above, against the current
  double start_V = 0.0;  ///< voltage that starts a current; infinite across an open contact
};

/// The path as it stands: follows from hardware, gates and state, see compose().
struct PathElements {
  PathDirection charge;
  PathDirection discharge;
  bool is_two_way = false;  ///< linear: both groups conduct, nothing is open
  double shunt_Ohm = 0.0;
  double contact_Ohm = 0.0;    ///< fuse, relays, breaker, terminals
  double precharge_Ohm = 0.0;  ///< what the resistor contributes
  double short_S = 0.0;        ///< across the terminals
  double polarity = 1.0;       ///< of the link seen from the terminals: -1 if reversed
  bool is_plugged = true;
};

/// Heat by place [J].
struct PathHeat {
  double shunt_J = 0.0;
  double switch_J = 0.0;  ///< both groups, channels and diodes
  double charge_avalanche_J = 0.0;
  double discharge_avalanche_J = 0.0;
  double contact_J = 0.0;
  double precharge_J = 0.0;
  double arc_J = 0.0;    ///< also what a connector pulled under current or a vanishing short burns
  double cable_J = 0.0;  ///< from here on outside the box
  double short_J = 0.0;
  double clamp_J = 0.0;  ///< the inverter's diodes

  double inside_J() const {
    return shunt_J + switch_J + charge_avalanche_J + discharge_avalanche_J + contact_J +
           precharge_J + arc_J;
  }
  double total_J() const { return inside_J() + cable_J + short_J + clamp_J; }
  PathHeat& operator+=(const PathHeat& other);
};

/// Work out what conducts. Call it when an input other than the source, the hardware or a contact,
/// fuse, breaker, switch or latch in the state has changed; a temperature change of a few kelvin is
/// a reason, too. Of each MOSFET group the share (gate ? 1 - open_share : closed_share) conducts,
/// all of it once molten; at share 0 only the body diode is left, which stays intact.
PathElements compose(const PowerPathParameters& parameters, const Hardware& hardware,
                     const PathInputs& inputs, const PowerPathState& state);

/// The step length that leaves the link's capacitor out: settle() then gives the point at which
/// everything comes to rest, an unreachable voltage without any load being 0 V.
inline constexpr double kAtRest_s = std::numeric_limits<double>::infinity();

/// Advance currents and voltages of the state by dt_s with inductors short and the capacitor by
/// backward Euler: exact at rest, first order in dt_s / (R C) on the way there, stable at any
/// length. dt_s = 0 only looks: the link keeps its voltage. The active part of the source gives way
/// at the edge of its window, measured at the link, unless the rest alone is already beyond it. No
/// current flows against a diode; with none at all the terminals show the link (0 V when
/// unplugged). Does not advance devices, comparators or heat. A reversed link has its voltage
/// turned round and conducts through the inverter's diodes at -clamp_V: nearly a short.
///
/// Books of a step with the link going from u to v: the stage and the clamp together deliver
/// v (polarity cable_A dt_s + link_F (v - u)); backward Euler loses link_F (v - u)^2 / 2 of it, and
/// the inductances' energy is left out.
void settle(const PowerPathParameters& parameters, const PathElements& elements,
            const TerminalSource& source, const Thevenin& stack, double dt_s,
            PowerPathState& state);

/// Let the relays' contacts move for dt_s. True if one arrived: compose() again.
bool advance_contacts(const PowerPathParameters& parameters, const Hardware& hardware,
                      const PathInputs& inputs, double dt_s, PowerPathState& state);

/// Let contacts, fuse and breaker age by dt_s at the present current. A breaker that is switched off
/// by hand is ready again once it is cool. True if the path changed:
/// compose() again, and let the transient follow. run_transient() does it by itself.
bool advance_devices(const PowerPathParameters& parameters, const Hardware& hardware,
                     const PathInputs& inputs, double dt_s, PowerPathState& state);

/// Add the heat of dt_s at the present currents.
void add_heat(const PowerPathParameters& parameters, const PathElements& elements,
              const PowerPathState& state, double dt_s, PathHeat& heat);

/// Energy in the inductances and the link [J]; the audit's other side.
double stored_J(const PowerPathParameters& parameters, const PowerPathState& state);

/// What an insulation monitor reads: the lower one of the poles' resistances to earth, P+ having
/// its fault in parallel to the design value.
double insulation_Ohm(const PowerPathParameters& parameters, const Hardware& hardware);

/// The current [A] through the insulation fault at P+, back to P- through its design insulation.
double earth_fault_A(const PowerPathParameters& parameters, const Hardware& hardware,
                     double terminal_V);

}  // namespace doppelpack::models
