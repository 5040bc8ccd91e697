// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cases on their way from the processes that ran them to the one that reports them.
#pragma once

#include <string>
#include <vector>

#include "campaign/run_case.hpp"

namespace doppelpack::sim {

std::string pack_outcome(const CaseBench::Outcome& outcome);
CaseBench::Outcome unpack_outcome(const std::string& text);

std::string pack_results(const std::vector<CaseResult>& results);
std::vector<CaseResult> unpack_results(const std::string& text);

}  // namespace doppelpack::sim
