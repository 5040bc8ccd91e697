// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a user wrote, made fit for a one-line error text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace doppelpack::sim {

/// Control characters replaced, so that it stays on one line of any terminal.
std::string printable(std::string_view text);

/// 'text', printable, cut to about 60 bytes.
std::string quote(std::string_view text);

/// "a, b or c".
std::string alternatives(std::span<const std::string_view> words);

/// " (did you mean a or b?)", or nothing when nothing is close.
std::string hint(std::string_view word, std::span<const std::string_view> candidates);

/// Views of strings that must outlive the result.
std::vector<std::string_view> views(const std::vector<std::string>& strings);

}  // namespace doppelpack::sim
