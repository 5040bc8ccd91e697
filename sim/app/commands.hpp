// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The commands of the program. Each adds itself to the command line and runs when chosen; the return
// value is the exit code: 0 all well, 1 an expectation failed, 2 bad usage or bad file.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace doppelpack::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitBadInput = 2;

/// What main() runs after parsing; left empty when no command was chosen.
using Chosen = std::function<int()>;

void add_run_command(CLI::App& app, Chosen& chosen);
void add_serve_command(CLI::App& app, Chosen& chosen);
void add_diff_command(CLI::App& app, Chosen& chosen);
void add_list_command(CLI::App& app, Chosen& chosen);
void add_check_command(CLI::App& app, Chosen& chosen);
void add_age_command(CLI::App& app, Chosen& chosen);
void add_compat_command(CLI::App& app, Chosen& chosen);
void add_campaign_command(CLI::App& app, Chosen& chosen);
void add_matrix_command(CLI::App& app, Chosen& chosen);
void add_export_fmu_command(CLI::App& app, Chosen& chosen);
void add_replay_command(CLI::App& app, Chosen& chosen);

}  // namespace doppelpack::app
