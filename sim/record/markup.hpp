// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Any text within XML, HTML and tables of Markdown.
#pragma once

#include <string>
#include <string_view>

namespace doppelpack::sim {

/// Fit for attributes and for text. XML has no way at all to say most control characters.
std::string escaped_markup(std::string_view text);

/// Fit for a cell of a Markdown table, which must not end early.
std::string escaped_cell(std::string_view text);

}  // namespace doppelpack::sim
