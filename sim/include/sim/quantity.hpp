// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Numbers with units, as users write them: "3.65 V", "40 min", "-5 degC", "80 %".
#pragma once

#include <string>
#include <string_view>

namespace doppelpack::sim {

enum class Dimension {
  none,  ///< a bare number, "1", or a ratio in "%" (0.01)
  voltage,
  current,
  charge,
  power,
  energy,
  resistance,
  conductance,
  temperature,             ///< degC, K
  temperature_difference,  ///< K
  time,
  price,  ///< a bare number per kWh
  heat,   ///< energy in J
  heat_capacity,
  thermal_conductance,
  molar_energy,
  current_slope,
  voltage_per_temperature,
  inductance,
  capacitance,
  square_current_time,  ///< A2s, the melting integral of a fuse
  bit_rate,
};

/// SI base of the dimension as a unit text: "V", "A", "Ah" (charge), "W", "Wh" (energy), "Ohm", "S",
/// "degC", "K", "s", "" (none, price), "J", "J/K", "W/K", "J/mol", "A/s", "V/K", "H", "F",
/// "A2s", "bit/s". parse_quantity()
/// returns this unit.
std::string_view unit_of(Dimension dimension);

/// Every unit accepted for the dimension, for error texts: "V, mV, kV".
std::string accepted_units(Dimension dimension);

/// Throws std::invalid_argument with "found ..., expected ..." text (no location).
/// A dimensional value without its unit is an error; a voltage typed as a temperature is an error
/// that says so.
double parse_quantity(std::string_view text, Dimension dimension);

}  // namespace doppelpack::sim
