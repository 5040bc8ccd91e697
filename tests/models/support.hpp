// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A plain pack for tests: flat tables where a closed form wants them flat.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models::testing {

inline SocTable flat(double value) {
  return {{0.0, 1.0}, {value, value}};
}

/// 100 Ah, 3.3 V at every SOC, no hysteresis, no entropy, no temperature or SOC dependence.
inline Chemistry plain_chemistry() {
  Chemistry c;
  c.capacity_Ah = 100.0;
  c.ocv_V = flat(3.3);
  c.hysteresis_V = flat(0.0);
  c.hysteresis_instant_V = 0.0;
  c.entropic_V_per_K = flat(0.0);
  c.r0_Ohm = 0.5e-3;
  c.r0_activation_J_per_mol = 0.0;
  c.rc1 = {0.45e-3, 15.0, 0.0};
  c.rc2 = {0.50e-3, 150.0, 0.0};
  c.rc_factor_discharge = flat(1.0);
  c.rc_factor_charge = flat(1.0);
  c.coulombic_efficiency = 1.0;
  return c;
}

/// Linear OCV, 1 V per unit of SOC, and no RC pairs: cells are capacitors.
inline Chemistry capacitor_chemistry() {
  Chemistry c = plain_chemistry();
  c.ocv_V = {{0.0, 1.0}, {2.8, 3.8}};
  c.rc1.r_Ohm = c.rc2.r_Ohm = 0.0;
  return c;
}

/// The default cell of the cell_models reference, thinned (1.1, 1.4, 2.2).
inline Chemistry lfp_chemistry() {
  Chemistry c = plain_chemistry();
  c.ocv_V = {{-0.008, -0.004, 0.0,  0.005, 0.01, 0.02,  0.03,  0.04,   0.05,  0.075,  0.1, 0.15,
              0.2,    0.25,   0.3,  0.4,   0.5,  0.55,  0.575, 0.6,    0.625, 0.65,   0.7, 0.8,
              0.85,   0.9,    0.95, 0.98,  0.99, 0.995, 1.0,   1.0025, 1.005, 1.0075, 1.01},
             {2.247, 2.727, 2.832, 2.914, 2.974, 3.060, 3.121, 3.167, 3.194, 3.203, 3.207, 3.230,
              3.262, 3.282, 3.290, 3.297, 3.301, 3.305, 3.310, 3.322, 3.331, 3.334, 3.337, 3.340,
              3.340, 3.341, 3.343, 3.345, 3.347, 3.352, 3.373, 3.408, 3.499, 3.604, 3.691}};
  c.hysteresis_V = {{0.05, 0.2, 0.3, 0.5, 0.75, 0.9, 1.0},
                    {0.0144, 0.0124, 0.0144, 0.0094, 0.0113, 0.0086, 0.015}};
  c.hysteresis_instant_V = 0.001;
  c.entropic_V_per_K = {{0.0, 0.1, 0.3, 0.4, 0.7, 1.0},
                        {-0.49e-3, -0.164e-3, -0.044e-3, 0.098e-3, 0.145e-3, 0.118e-3}};
  c.r0_activation_J_per_mol = 10e3;
  c.rc1.activation_J_per_mol = 22e3;
  c.rc2.activation_J_per_mol = 17e3;
  c.rc_factor_discharge = {{0.0, 0.05, 0.1, 0.5, 1.0}, {2.5, 1.6, 1.29, 1.0, 0.89}};
  c.rc_factor_charge = {{0.0, 0.5, 1.0}, {0.79, 0.94, 1.12}};
  c.coulombic_efficiency = 0.999;
  return c;
}

/// 16 rested plain cells.
constexpr double kPlainEmf_V = 16 * 3.3;

/// Beads on the first cell and in the middle.
inline void set_heat_paths(const HeatPathParameters& paths, PackParameters& p) {
  p.thermal = make_thermal_network(paths, p.parallel, p.series, {},
                                   {{BeadPlace::cell, 0}, {BeadPlace::cell, p.series / 2}});
}

/// No self-discharge, no BMS supply: whatever flows is what the test asked for.
inline PackParameters make_pack(const Chemistry& chemistry, int cell_count = 16) {
  PackParameters p;
  p.series = cell_count;
  p.cell_model = find_cell_model("ecm-2rc");
  const CellArray ones = CellArray::Ones(cell_count);
  p.cells = make_cell_parameters(chemistry, 100.0 * ones, ones);
  p.self_discharge_A = 0.0 * ones;
  p.supply_A = 0.0;
  p.path.cable_Ohm = 0.0;
  p.path.link_F = 10e-6;
  p.path.fuse.melt_A2s = 0.0;
  set_heat_paths({}, p);
  return p;
}

/// Pack, state and everything around it, gates closed.
struct Bench {
  PackParameters pack;
  Hardware hardware;
  PackInputs inputs;
  PackState state;

  explicit Bench(const Chemistry& chemistry, int cell_count = 16, double soc = 0.5,
                 double T_degC = 25.0)
      : pack(make_pack(chemistry, cell_count)),
        hardware(flawless_hardware(cell_count, 2)),
        state(make_pack_state(pack, CellArray::Constant(cell_count, soc), T_degC)) {
    inputs.charge_gate = true;
    inputs.discharge_gate = true;
    inputs.ambient_degC = T_degC;
    inputs.source.max_V = 1000.0;
  }
  void set_current(double current_A) { inputs.source.current_A = current_A; }
  void run(double seconds, double dt_s) {
    ++hardware.revision;  // tests change it freely between runs
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) step(pack, hardware, inputs, dt_s, state);
  }
  void solve_now() {
    ++hardware.revision;
    solve(pack, hardware, inputs, state);
  }
};

}  // namespace doppelpack::models::testing
