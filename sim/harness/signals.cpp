// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "bms/bms.h"
#include "harness/signal_tables.hpp"
#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

class Builder {
 public:
  /// One signal per row, called <prefix><row><suffix>.
  void add(const std::string& prefix, std::span<const SignalRow> rows, int index = 0,
           const std::string& suffix = "") {
    for (const SignalRow& row : rows) {
      signals_.push_back({fmt::format("{}{}{}", prefix, row.name, suffix), row.dimension,
                          std::string(row.help), row.words, index, row.read, row.write});
    }
  }

  void add_cells(const std::string& owner, int count, std::span<const SignalRow> rows) {
    for (int i = 0; i < count; ++i) add(fmt::format("{}cell{:02}/", owner, i + 1), rows, i);
  }

  void add_ntcs(const std::string& owner, int count, std::span<const SignalRow> rows) {
    for (int i = 0; i < count; ++i) add(fmt::format("{}ntc{}/", owner, i + 1), rows, i);
  }

  void add_rules(const std::string& owner, std::span<const SignalRow> rows) {
    for (const SignalRow& row : rows) {
      for (int rule = 0; rule < BMS_RULE_COUNT; ++rule) {
        const std::string name = bms_rule_name(static_cast<bms_rule_t>(rule));
        add(owner, {&row, 1}, rule, "/" + name);
        signals_.back().help += " " + name;
      }
    }
  }

  void add_failures() {
    for (int failure = 0; failure < BMS_FAILURE_COUNT; ++failure) {
      const std::string name = bms_failure_name(static_cast<bms_failure_t>(failure));
      add("bms1/failure/" + name, bms_failure_signals(), failure);
      signals_.back().help += " " + name;
    }
  }

  void add_bits(const std::string& prefix, std::span<const NamedBit> bits,
                std::span<const SignalRow> rows) {
    for (const auto& [name, bit] : bits) add(prefix + std::string(name), rows, bit);
  }

  void add_panel(const LampColours& colours) {
    for (const auto& [name, bit] : kLeds) {
      const int lamp = std::countr_zero(static_cast<unsigned>(bit));
      add(fmt::format("panel1/{}/", name), lamp_signals(),
          lamp_index(lamp, colours[static_cast<std::size_t>(lamp)]));
    }
    add("panel1/buzzer/", buzzer_signals(), kBuzzerLamp);
  }

  std::vector<Signal> take() { return std::move(signals_); }

 private:
  std::vector<Signal> signals_;
};

std::vector<Signal> signals_of(const Product& product) {
  const int cell_count = product.pack.cell_count();
  const int ntc_count = static_cast<int>(product.pack.beads.size());
  Builder builder;
  builder.add("pack1/", pack_signals());
  builder.add_cells("pack1/", cell_count, pack_cell_signals());
  builder.add_ntcs("pack1/", ntc_count, pack_ntc_signals());
  builder.add("bms1/", bms_signals());
  builder.add_cells("bms1/", product.bms.cell_count, bms_cell_signals());
  builder.add_ntcs("bms1/", product.bms.ntc_count, bms_ntc_signals());
  builder.add_rules("bms1/", bms_rule_signals());
  builder.add_failures();
  builder.add("bms1/bank/", bank_signals());
  builder.add_bits("bms1/led/", kLeds, bms_led_signals());
  builder.add_bits("bms1/button/", kButtons, bms_button_signals());
  builder.add_bits("bms1/coil/", kCoils, bms_coil_signals());
  builder.add_bits("bms1/contact/", kContacts, bms_contact_signals());
  builder.add_panel(product.lamp_colours);
  builder.add("inverter1/", inverter_signals());
  builder.add_rules("inverter1/heard/", heard_rule_signals());
  builder.add("site/", site_signals());
  builder.add("env/", environment_signals());
  if (product.can != nullptr) {
    builder.add("can1/", can_signals());
    builder.add("can1/", can_wire_signals());
  }
  if (product.rs485 != nullptr) {
    builder.add("rs485_1/", rs485_signals());
    builder.add("rs485_1/", rs485_wire_signals());
  }
  return builder.take();
}

// `*`: any text, slashes included; `?`: any one character. Backtracks to the last star only, which
// is enough: an earlier star could not match more than what the last one can still take.
bool matches(std::string_view glob, std::string_view name) {
  std::size_t g = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_n = 0;
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_n = n;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
      ++g;
      ++n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++star_n;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

}  // namespace

SignalCatalogue::SignalCatalogue(const Product& product)
    : signals_(signals_of(product)), by_name_(signals_.size()) {
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::sort(by_name_.begin(), by_name_.end(),
            [this](std::size_t a, std::size_t b) { return signals_[a].name < signals_[b].name; });
}

std::size_t SignalCatalogue::find(std::string_view name) const {
  const auto found = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [this](std::size_t i, std::string_view word) { return signals_[i].name < word; });
  if (found != by_name_.end() && signals_[*found].name == name) return *found;
  std::vector<std::string_view> names;
  names.reserve(signals_.size());
  for (const Signal& signal : signals_) names.push_back(signal.name);
  throw std::invalid_argument("found " + quote(name) + ", expected a signal" + hint(name, names));
}

std::vector<std::size_t> SignalCatalogue::match(std::string_view glob) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    if (matches(glob, signals_[i].name)) positions.push_back(i);
  }
  return positions;
}

std::string format_value(const Signal& signal, double value) {
  if (std::isnan(value)) return "unknown";
  const auto word = static_cast<std::size_t>(std::max(value, 0.0));
  if (word < signal.words.size()) return std::string(signal.words[word]);
  const bool is_count = value == std::floor(value) && std::fabs(value) < 1e15;
  // Adding zero turns -0 into 0.
  const std::string number =
      is_count ? fmt::format("{:.0f}", value + 0.0) : fmt::format("{:.6g}", value);
  const std::string_view unit = unit_of(signal.dimension);
  return unit.empty() ? number : fmt::format("{} {}", number, unit);
}

double parse_value(const Signal& signal, std::string_view text) {
  if (signal.words.empty()) return parse_quantity(text, signal.dimension);
  const auto word = std::find(signal.words.begin(), signal.words.end(), text);
  if (word != signal.words.end()) return static_cast<double>(word - signal.words.begin());
  throw std::invalid_argument("found " + quote(text) + ", expected " + alternatives(signal.words) +
                              hint(text, signal.words));
}

}  // namespace doppelpack::sim
