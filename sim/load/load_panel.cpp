// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <array>

#include "load/bms_parts.hpp"
#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kRhythm{Dimension::time, 0.001, 60.0};

std::uint16_t read_ms(const Section& section, std::string_view key) {
  return static_cast<std::uint16_t>(to_counts(section.number(key, kRhythm), 1000));
}

std::uint16_t read_optional_ms(const Section& section, std::string_view key) {
  return section.has(key) ? read_ms(section, key) : std::uint16_t{0};
}

// ---- words ----

std::uint16_t read_lamps(const Section& section, std::string_view key) {
  constexpr std::string_view kWords[]{"run",  "alarm", "soc1", "soc2",  "soc3",  "soc4",
                                      "soc5", "soc6",  "com",  "error", "buzzer"};
  constexpr std::uint64_t kBuzzer = 1U << 10;
  static_assert(BMS_LED_RUN == 1 && BMS_LED_SOC1 == 1 << 2 && BMS_LED_ERROR == 1 << 9);
  if (!section.has(key)) return 0;
  const std::uint64_t bits = to_bits(section.at(key), kWords);
  const std::uint64_t buzzer = (bits & kBuzzer) != 0 ? BMS_PANEL_BUZZER : 0U;
  return static_cast<std::uint16_t>((bits & ~kBuzzer) | buzzer);
}

// A list of words, or "all".
template <typename Set>
Set read_causes(const Section& section, std::string_view key,
                std::span<const std::string_view> words) {
  const YamlNode* node = section.find(key);
  if (node == nullptr) return 0;
  const bool is_all = node->kind == YamlNode::Kind::scalar && node->text == "all";
  if (!is_all && node->kind != YamlNode::Kind::list) refuse(*node, "all or a list");
  return is_all ? static_cast<Set>(-1) : static_cast<Set>(to_bits(*node, words));
}

std::uint32_t read_rules_of(const Section& section, std::string_view key) {
  return read_causes<std::uint32_t>(section, key, rule_words());
}

std::uint64_t read_failures_of(const Section& section, std::string_view key) {
  return read_causes<std::uint64_t>(section, key, failure_words());
}

std::uint16_t read_states(const Section& section) {
  return section.has("states")
             ? static_cast<std::uint16_t>(to_bits(section.at("states"), state_words()))
             : std::uint16_t{0};
}

std::uint16_t read_flags(const Section& section) {
  constexpr std::string_view kWords[]{"charging", "discharging", "idle", "full", "not-full", "com"};
  static_assert(BMS_PANEL_CHARGING == 1 && BMS_PANEL_COM == 1 << 5);
  return section.has("flags") ? to_set(section.at("flags"), kWords) : std::uint16_t{0};
}

// ---- rhythms ----

// "period" and "lit_for".
void read_flash(const Section& section, bms_pattern_t& pattern) {
  pattern.period_ms = read_ms(section, "period");
  pattern.on_ms = read_ms(section, "lit_for");
  if (pattern.on_ms > pattern.period_ms)
    refuse(section.at("lit_for"), "at most the period, " + section.text("period"));
}

std::uint8_t read_count(const Section& section) {
  return static_cast<std::uint8_t>(to_whole(section.at("count"), 1, UINT8_MAX));
}

// Lit all the time, flashing without end, or `count` flashes in every `cycle`.
bms_pattern_t read_pattern(const Section& row) {
  bms_pattern_t pattern{};
  const bool is_flashing = row.has("period") || row.has("lit_for") || row.has("count");
  if (!is_flashing && !row.has("cycle")) return pattern;
  read_flash(row, pattern);
  if (!row.has("count") && !row.has("cycle")) return pattern;
  pattern.count = read_count(row);
  pattern.cycle_ms = read_ms(row, "cycle");
  if (pattern.cycle_ms < pattern.count * pattern.period_ms)
    refuse(row.at("cycle"), fmt::format("at least {} periods, {} ms", pattern.count,
                                        pattern.count * pattern.period_ms));
  return pattern;
}

// ---- the parts ----

// "soc: [26 %, 51 %]": from the first, below the second, which may be left out.
void read_soc_band(const YamlNode& node, bms_panel_row_t& row) {
  const std::vector<YamlNode>& ends = to_list(node, 1);
  if (ends.size() > 2) refuse(node, "[from] or [from, below]");
  const auto permille = [](const YamlNode& end) {
    return static_cast<std::uint16_t>(to_counts(to_number(end, kRatio), 1000));
  };
  row.soc_from_permille = permille(ends[0]);
  if (ends.size() == 1) return;
  row.soc_below_permille = permille(ends[1]);
  if (row.soc_below_permille <= row.soc_from_permille)
    refuse(ends[1], "more than the entry before, '" + ends[0].text + "'");
}

bms_panel_row_t read_row(const YamlNode& node) {
  const Section section(node, {"states", "flags", "soc", "failures", "protections", "warnings",
                               "lamps", "alone", "period", "lit_for", "count", "cycle"});
  bms_panel_row_t row{};
  row.failures = read_failures_of(section, "failures");
  row.protections = read_rules_of(section, "protections");
  row.warnings = read_rules_of(section, "warnings");
  row.states = read_states(section);
  row.flags = read_flags(section);
  if (section.has("soc")) read_soc_band(section.at("soc"), row);
  row.lamps = read_lamps(section, "lamps");
  row.is_alone = section.yes("alone");
  row.pattern = read_pattern(section);
  return row;
}

bms_panel_show_t read_show(const YamlNode& node) {
  const Section section(node, {"lamps", "running", "alone", "period", "lit_for", "count"});
  to_list(section.at("lamps"), 1);
  bms_panel_show_t show{};
  show.lamps = read_lamps(section, "lamps");
  show.running_ms = read_optional_ms(section, "running");
  show.is_alone = section.yes("alone");
  read_flash(section, show.pattern);
  show.pattern.count = read_count(section);
  return show;
}

void read_shows(const YamlNode& node, bms_panel_config_t& panel) {
  constexpr std::string_view kShows[]{"self_test", "paired", "shutdown"};
  static_assert(std::size(kShows) == BMS_SHOW_COUNT && BMS_SHOW_SHUTDOWN == 2);
  const Section section(node, kShows);
  for (std::size_t i = 0; i < BMS_SHOW_COUNT; ++i)
    if (section.has(kShows[i])) panel.shows[i] = read_show(section.at(kShows[i]));
}

bms_panel_readout_t read_readout(const YamlNode& node) {
  const Section section(
      node, {"press", "press_below", "beep", "flashing", "lit", "period", "lit_for", "pause"});
  bms_panel_readout_t readout{};
  readout.press_ms = read_ms(section, "press");
  readout.press_below_ms = read_ms(section, "press_below");
  if (readout.press_below_ms <= readout.press_ms) section.refuse_not_above("press_below", "press");
  to_list(section.at("flashing"), 1);
  readout.flashing = read_lamps(section, "flashing");
  readout.lit = read_lamps(section, "lit");
  readout.beep_ms = read_optional_ms(section, "beep");
  bms_pattern_t flash{};
  read_flash(section, flash);
  readout.period_ms = flash.period_ms;
  readout.on_ms = flash.on_ms;
  readout.pause_ms = read_ms(section, "pause");
  return readout;
}

bms_panel_code_t read_code(const YamlNode& node) {
  const Section section(node, {"failures", "protections", "code"});
  bms_panel_code_t code{};
  code.failures = read_failures_of(section, "failures");
  code.protections = read_rules_of(section, "protections");
  if (code.failures == 0 && code.protections == 0)
    refuse(section.at("code"), "failures or protections beside it");
  code.code = static_cast<std::uint8_t>(to_whole(section.at("code"), 1, UINT8_MAX));
  return code;
}

// As many as the core has room for.
const std::vector<YamlNode>& entries(const YamlNode& node, std::size_t most) {
  const std::vector<YamlNode>& items = to_list(node, 1);
  if (items.size() > most)
    throw DataError(node.where, fmt::format("found a list of {}, expected at most {} entries",
                                            items.size(), most));
  return items;
}

// The lamps of a panel, by bit.
constexpr std::array<std::string_view, kBuzzerLamp> kLampWords{
    "run", "alarm", "soc1", "soc2", "soc3", "soc4", "soc5", "soc6", "com", "error"};

}  // namespace

LampColours read_lamp_colours(const YamlNode& panel) {
  constexpr std::string_view kColours[]{"green", "red", "yellow", "orange", "blue", "white"};
  static_assert(static_cast<int>(LampColour::green) == 1 &&
                static_cast<int>(LampColour::white) == 6);
  LampColours colours{};
  const YamlNode* const node = panel.find("colours");
  if (node == nullptr) return colours;
  const Section section(*node, kLampWords);
  for (std::size_t lamp = 0; lamp < kLampWords.size(); ++lamp)
    if (section.has(kLampWords[lamp]))
      colours[lamp] =
          static_cast<LampColour>(1 + to_choice(section.at(kLampWords[lamp]), kColours));
  return colours;
}

std::vector<PanelItem> read_panel_items(const YamlNode& panel) {
  constexpr std::string_view kWords[]{"run",  "alarm", "soc1",  "soc2",  "soc3",  "soc4",   "soc5",
                                      "soc6", "com",   "error", "power", "reset", "switch", "wake"};
  std::vector<PanelItem> items;
  const YamlNode* const node = panel.find("front");
  if (node == nullptr) return items;
  const Section section(*node, kWords);
  for (const std::string& word : node->keys) items.push_back({word, section.text(word)});
  return items;
}

bool read_display(const YamlNode& panel) {
  const YamlNode* const node = panel.find("display");
  if (node == nullptr || !to_yes_or_no(*node)) return false;
  if (panel.find("codes") == nullptr) refuse(*node, "codes for it to show");
  return true;
}

bms_panel_config_t read_panel(const YamlNode& node) {
  const Section section(node, {"rows", "shows", "readout", "codes", "display", "com",
                               "reset_shows_self_test", "colours", "front"});
  bms_panel_config_t panel{};
  for (const YamlNode& row : entries(section.at("rows"), BMS_MAX_PANEL_ROWS))
    panel.rows[panel.row_count++] = read_row(row);
  if (section.has("shows")) read_shows(section.at("shows"), panel);
  if (section.has("readout")) panel.readout = read_readout(section.at("readout"));
  if (section.has("codes"))
    for (const YamlNode& code : entries(section.at("codes"), BMS_MAX_PANEL_CODES))
      panel.codes[panel.code_count++] = read_code(code);
  panel.com_ms = read_optional_ms(section, "com");
  panel.reset_shows_self_test = section.yes("reset_shows_self_test");
  return panel;
}

}  // namespace doppelpack::sim
