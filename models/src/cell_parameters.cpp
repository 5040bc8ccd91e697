// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "lanes.hpp"
#include "models/cell_model.hpp"

namespace doppelpack::models {

namespace {

// The OCV curve goes on linearly this far beyond its ends, then stays: about -4 V (a reversed cell)
// and 5.4 V (electrolyte decomposition) with the steep ends of LFP data.
constexpr double kOcvReach = 0.05;

MonotoneCubic curve(const SocTable& data, double reach = 0.0) {
  return {data.soc, data.value, reach};
}

}  // namespace

CellParameters make_cell_parameters(const Chemistry& chemistry, const CellArray& capacity_Ah,
                                    const CellArray& resistance_factor, VectorLevel level) {
  CellParameters p;
  p.lanes = &find_lanes(level);
  p.ocv_V = curve(chemistry.ocv_V, kOcvReach);
  p.hysteresis_V = curve(chemistry.hysteresis_V);
  p.entropic_V_per_K = curve(chemistry.entropic_V_per_K);
  p.rc_factor_discharge = curve(chemistry.rc_factor_discharge);
  p.rc_factor_charge = curve(chemistry.rc_factor_charge);
  p.r0_activation_J_per_mol = chemistry.r0_activation_J_per_mol;
  p.rc1_activation_J_per_mol = chemistry.rc1.activation_J_per_mol;
  p.rc2_activation_J_per_mol = chemistry.rc2.activation_J_per_mol;
  p.hysteresis_gamma = chemistry.hysteresis_gamma;
  p.hysteresis_instant_V = chemistry.hysteresis_instant_V;
  p.hysteresis_per_K = chemistry.hysteresis_per_K;
  p.tau1_s = chemistry.rc1.tau_s;
  p.tau2_s = chemistry.rc2.tau_s;
  p.coulombic_efficiency = chemistry.coulombic_efficiency;
  p.cold_capacity_per_K = chemistry.cold_capacity_per_K;
  p.capacity_Ah = capacity_Ah;
  const CellArray scale = resistance_factor * chemistry.capacity_Ah / capacity_Ah;
  p.r0_Ohm = chemistry.r0_Ohm * scale;
  p.r1_Ohm = chemistry.rc1.r_Ohm * scale;
  p.r2_Ohm = chemistry.rc2.r_Ohm * scale;
  return p;
}

const CellModel* find_cell_model(std::string_view key) {
  for (const CellModel* model : cell_models())
    if (model->key == key) return model;
  return nullptr;
}

}  // namespace doppelpack::models
