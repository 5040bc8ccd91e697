// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The parts of "bms", and what they have in common: from quantities to the integers of the firmware.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "bms/config.h"
#include "load/section.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

inline constexpr Kind kCellVoltage{Dimension::voltage, 0.5, 5.0};
inline constexpr Kind kPackVoltage{Dimension::voltage, 1.0, 160.0};
inline constexpr Kind kPackDelta{Dimension::voltage, 0.001, 100.0};
inline constexpr Kind kRuleCurrent{Dimension::current, 0.0, 2000.0};
inline constexpr Kind kCellTemperature{Dimension::temperature, -40.0, 100.0};
inline constexpr Kind kRatio{Dimension::none, 0.0, 1.0};

std::int32_t to_counts(double value, double counts);
std::uint32_t to_milli(const Section& section, std::string_view key, const Kind& kind);
/// At most a day.
std::uint32_t to_ms(const Section& section, std::string_view key);
/// Likewise, 0 when the key is absent.
std::uint32_t to_optional_ms(const Section& section, std::string_view key);
std::uint16_t to_permille(const Section& section, std::string_view key);

/// A list of words, each standing for the bit of its place.
std::uint64_t to_bits(const YamlNode& node, std::span<const std::string_view> words);
/// Likewise of at most eight words.
std::uint8_t to_set(const YamlNode& node, std::span<const std::string_view> words);

/// "opens: [charge, discharge, contacts, supply]"; 0 when absent.
std::uint8_t read_opens(const Section& section);
/// "latch: button", "power-cycle" or "repair"; a button when absent.
std::uint8_t read_latch(const Section& section);

/// "rules": fills product.bms.rules.
void read_rules(const YamlNode& node, Product& product);
/// "failures": what the firmware does about what it finds broken. Not listed: not looked for.
void read_failures(const YamlNode& node, bms_config_t& config);
/// "diagnosis": thresholds; the core's own defaults for what is absent, or all of them.
bms_diagnosis_config_t read_diagnosis(const YamlNode* node);
/// "sequence": times and windows of the life-cycle; what hardware there is, is known already.
void read_sequence(const YamlNode& node, bms_sequence_config_t& sequence);
/// "panel": what lamps and buzzer show. Refuses what the core would refuse, at its place.
bms_panel_config_t read_panel(const YamlNode& node);
LampColours read_lamp_colours(const YamlNode& panel);
std::vector<PanelItem> read_panel_items(const YamlNode& panel);
/// "display: yes": it shows the error code as a number.
bool read_display(const YamlNode& panel);
/// "bank": several packs on one link.
bms_bank_config_t read_bank(const YamlNode& node);

}  // namespace doppelpack::sim
