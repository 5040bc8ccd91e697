// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Names chosen by a pattern.
#pragma once

#include <string_view>

namespace doppelpack::sim {

/// `*` stands for any text, slashes included, `?` for any one character.
bool matches_glob(std::string_view glob, std::string_view name);

}  // namespace doppelpack::sim
