// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Any text inside XML or HTML.
#pragma once

#include <string>
#include <string_view>

namespace doppelpack::sim {

/// Fit for attributes and for text. Broken UTF-8 is mended; of control characters, which XML has no way
/// at all to say, a question mark is left.
std::string markup_text(std::string_view text);

}  // namespace doppelpack::sim
