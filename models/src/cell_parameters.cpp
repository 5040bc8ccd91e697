// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/cell_model.hpp"
#include "models/exponential.hpp"
#include "models/table.hpp"

namespace doppelpack::models {

namespace {

// One grid for everything over SOC. 4000 per unit: data given to 0.025 % falls on grid points.
constexpr double kSocPerStep = 4000.0;
constexpr double kSocFirst = -0.1;
constexpr int kSocPoints = 4801;  // to 1.1

// The OCV curve goes on linearly this far beyond its ends, then stays: about -4 V (a reversed cell)
// and 5.4 V (electrolyte decomposition) with the steep ends of LFP data.
constexpr double kOcvBeyond = 0.05;

constexpr double kTemperaturePerStep = 8.0;
constexpr double kTemperatureFirst_degC = -40.0;
constexpr int kTemperaturePoints = 961;  // to 80 degC

UniformTable over_soc(const SocTable& data) {
  return sample(MonotoneCubic(data.soc, data.value, MonotoneCubic::Outside::flat), kSocFirst,
                kSocPerStep, kSocPoints);
}

UniformTable ocv_over_soc(const SocTable& data) {
  const MonotoneCubic curve(data.soc, data.value, MonotoneCubic::Outside::linear);
  const double lowest = data.soc.front() - kOcvBeyond;
  const double highest = data.soc.back() + kOcvBeyond;
  const auto bounded = [&](double soc) {
    return curve(soc < lowest ? lowest : (soc > highest ? highest : soc));
  };
  return sample(bounded, kSocFirst, kSocPerStep, kSocPoints);
}

UniformTable arrhenius(double activation_J_per_mol) {
  constexpr double kGas_J_per_mol_K = 8.314462618;
  const auto factor = [&](double T_degC) {
    return exponential(activation_J_per_mol / kGas_J_per_mol_K *
                       (1.0 / (T_degC + 273.15) - 1.0 / 298.15));
  };
  return sample(factor, kTemperatureFirst_degC, kTemperaturePerStep, kTemperaturePoints);
}

}  // namespace

CellParameters make_cell_parameters(const Chemistry& chemistry, const CellArray& capacity_Ah,
                                    const CellArray& resistance_factor) {
  CellParameters p;
  p.ocv_V = ocv_over_soc(chemistry.ocv_V);
  p.hysteresis_V = over_soc(chemistry.hysteresis_V);
  p.entropic_V_per_K = over_soc(chemistry.entropic_V_per_K);
  p.rc_factor_discharge = over_soc(chemistry.rc_factor_discharge);
  p.rc_factor_charge = over_soc(chemistry.rc_factor_charge);
  p.r0_temperature_factor = arrhenius(chemistry.r0_activation_J_per_mol);
  p.rc1_temperature_factor = arrhenius(chemistry.rc1.activation_J_per_mol);
  p.rc2_temperature_factor = arrhenius(chemistry.rc2.activation_J_per_mol);
  p.hysteresis_gamma = chemistry.hysteresis_gamma;
  p.hysteresis_instant_V = chemistry.hysteresis_instant_V;
  p.tau1_s = chemistry.rc1.tau_s;
  p.tau2_s = chemistry.rc2.tau_s;
  p.coulombic_efficiency = chemistry.coulombic_efficiency;
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
