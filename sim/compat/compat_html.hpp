// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The report for people: one page, nothing loaded from elsewhere.
#pragma once

#include <string>

#include "sim/compat.hpp"

namespace doppelpack::sim {

std::string compat_html(const CompatReport& report);

}  // namespace doppelpack::sim
