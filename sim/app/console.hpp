// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Words on the terminal: colours and progress only where a person looks.
#pragma once

#include <string>
#include <string_view>

#include "sim/bench.hpp"
#include "sim/recorder.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

/// True when standard output is a terminal.
bool is_terminal();

enum class Tint { good, bad, faint };
/// The text in that colour on a terminal, unchanged elsewhere.
std::string tinted(std::string_view text, Tint tint);

/// Replaces the last status line; prints nothing when not on a terminal.
void show_status(std::string_view text);
void clear_status();

/// Runs a scenario up to that time, or to what ends it before, and shows how far it is. False: stopped by
/// a signal. The stopper stops this bench.
bool run_to(sim::Bench& bench, sim::Time t_ns, const StopOnSignal& stopper);

/// The verdict of a run with one line per expectation.
void print_result(const sim::RunResult& result);

}  // namespace doppelpack::app
