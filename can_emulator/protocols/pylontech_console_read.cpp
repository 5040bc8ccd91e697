// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <charconv>
#include <optional>
#include <vector>

#include "protocols/pylontech_console_pages.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \r");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \r") + 1 - start);
}

std::vector<std::string_view> lines_of(std::string_view page) {
  std::vector<std::string_view> lines;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size() - 1);
    lines.push_back(trim(page.substr(0, end + 1 - (page[end] == '\n' ? 1 : 0))));
    page.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (line = trim(line); !line.empty(); line = trim(line)) {
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// The number a word begins with; empty for a "-".
std::optional<int> number_of(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end == word.data()) return std::nullopt;
  return value;
}

std::string text_of(std::string_view text) {
  return to_text_field(text, text.size(), ' ');
}

}  // namespace

// The first row: the module at the console. Columns before the time hold one word each.
bool read_power_table(std::string_view page, BatteryView& view) {
  for (const std::string_view line : lines_of(page)) {
    const auto words = words_of(line);
    if (words.size() < 13 || words[0] != "1") continue;
    const auto pack_mV = number_of(words[1]);
    const auto current_mA = number_of(words[2]);
    const auto T_mdegC = number_of(words[3]);
    const auto soc_percent = number_of(words[12]);
    if (!pack_mV || !current_mA || !soc_percent) return false;
    view.pack_V = *pack_mV / 1000.0;
    view.current_A = *current_mA / 1000.0;
    if (T_mdegC) view.T_degC = *T_mdegC / 1000.0;
    view.soc = *soc_percent / 100.0;
    return true;
  }
  return false;
}

bool read_cells(std::string_view page, BatteryView& view) {
  view.cell_V.clear();
  view.ntc_degC.clear();
  for (const std::string_view line : lines_of(page)) {
    const auto words = words_of(line);
    if (words.size() < 9 || number_of(words[0]) != static_cast<int>(view.cell_V.size())) continue;
    const auto cell_mV = number_of(words[1]);
    if (!cell_mV) return false;
    view.cell_V.push_back(*cell_mV / 1000.0);
    if (const auto T_mdegC = number_of(words[3])) view.ntc_degC.push_back(*T_mdegC / 1000.0);
  }
  return !view.cell_V.empty();
}

bool read_identity(std::string_view page, BatteryView& view) {
  bool is_any = false;
  for (const std::string_view line : lines_of(page)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view label = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (label == "Manufacturer") view.manufacturer = text_of(value);
    if (label == "Device name") view.device_name = text_of(value);
    if (label == "Barcode") view.barcode = text_of(value);
    is_any = is_any || label == "Device name";
  }
  return is_any;
}

}  // namespace doppelpack::can_emulator
