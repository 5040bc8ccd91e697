// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// From the texts of a scenario to the things they name. Used when a file is checked and when a bench
// is built, so both say the same. Every function throws DataError at the text's location.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/condition_expression.hpp"
#include "sim/fault.hpp"
#include "sim/scenario.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

ConditionExpression resolve_condition(const Located& text, const SignalCatalogue& catalogue);

/// Position of a signal that may be written.
std::size_t resolve_control(const Located& name, const SignalCatalogue& catalogue);

/// A value in the control's unit, or one of its words.
double resolve_value(const Located& text, const Signal& signal);

/// Fault, target and severity, all in range for the product.
FaultInstance resolve_fault(const InjectAction& action, const Product& product);

/// The bit of a button: "power", "reset", "switch" or "wake".
std::uint32_t resolve_button(const Located& name);

}  // namespace doppelpack::sim
