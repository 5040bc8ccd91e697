// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// From the texts of a scenario to the things they name. Used when a file is checked and when a bench
// is built, so both say the same. Every function throws DataError at the text's location.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Position of a pack from 0; nothing given is the first.
std::size_t resolve_pack(const std::optional<Located>& number, const Scenario& scenario);

/// Fault, pack, target and severity, all in range for the scenario.
FaultInstance resolve_fault(const InjectAction& action, const Scenario& scenario);

/// The bit of a button: "power", "reset", "switch" or "wake".
std::uint32_t resolve_button(const Located& name);

}  // namespace doppelpack::sim
