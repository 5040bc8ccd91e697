// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Numbers and words in the lines of SCPI.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace doppelpack::sim {

/// The line with {name} replaced by the number, rounded down to thousandths.
std::string fill(std::string line, std::string_view name, double value);

/// A finite number, perhaps with a unit after it ("48.02 V", "-1.5E+00"). Nothing: it is something else.
std::optional<double> parse_scpi_number(std::string_view answer);

/// "ON", "1" or "OFF", "0".
std::optional<bool> parse_scpi_switch(std::string_view answer);

/// The answer to a question for errors says that there is none: code 0.
bool is_no_error(std::string_view answer);

/// In any case of letters.
bool contains_word(std::string_view text, std::string_view word);

}  // namespace doppelpack::sim
