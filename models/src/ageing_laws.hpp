// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The rates of the laws of ageing, and the way from a loss to its state and back.
#pragma once

#include "models/ageing_parameters.hpp"

namespace doppelpack::models {

/// x^exponent, 0 for x <= 0.
double power(double x, double exponent);

/// The cubic, at least 0.
double value_of(const Cubic& cubic, double x);

/// k per s^p.
double rate_of(const CalendarLaw& law, double soc, double T_degC);

/// k without the depth; may be negative, which power() takes for 0.
double rate_of(const CycleLaw& law, double current_C, double T_degC);

double rate_of(const ColdChargeLaw& law, double current_C, double T_degC);

/// Factor on the rates of cycling.
double factor_of(const Knee& knee, double loss);

}  // namespace doppelpack::models
