// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How the self-contained HTML reports of many runs look.
#pragma once

#include <string_view>

namespace doppelpack::sim {

/// CSS, for light and dark screens.
std::string_view page_style();

}  // namespace doppelpack::sim
