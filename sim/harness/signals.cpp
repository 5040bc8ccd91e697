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
#include "load/glob.hpp"
#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

SignalReader reader_of(const UnitRow& row, int unit, int index) {
  return {unit, index, row.read, nullptr};
}
SignalReader reader_of(const BenchRow& row, int /*unit*/, int index) {
  return {0, index, nullptr, row.read};
}
SignalWriter writer_of(const UnitRow& row, int unit, int index) {
  return {unit, index, row.write, nullptr};
}
SignalWriter writer_of(const BenchRow& row, int /*unit*/, int index) {
  return {0, index, nullptr, row.write};
}

class Builder {
 public:
  /// What follows belongs to this pack, from 0.
  void begin_unit(int unit) { unit_ = unit; }

  /// One signal per row, called <prefix><row><suffix>.
  template <typename Owner>
  void add(const std::string& prefix, std::span<const SignalRow<Owner>> rows, int index = 0,
           const std::string& suffix = "") {
    for (const SignalRow<Owner>& row : rows) {
      signals_.push_back({fmt::format("{}{}{}", prefix, row.name, suffix), row.dimension,
                          std::string(row.help), row.words, reader_of(row, unit_, index),
                          writer_of(row, unit_, index)});
    }
  }

  void add_cells(const std::string& owner, int count, std::span<const UnitRow> rows) {
    for (int i = 0; i < count; ++i) add(fmt::format("{}cell{:02}/", owner, i + 1), rows, i);
  }

  void add_ntcs(const std::string& owner, int count, std::span<const UnitRow> rows) {
    for (int i = 0; i < count; ++i) add(fmt::format("{}ntc{}/", owner, i + 1), rows, i);
  }

  template <typename Owner>
  void add_rules(const std::string& owner, std::span<const SignalRow<Owner>> rows) {
    for (const SignalRow<Owner>& row : rows) {
      for (int rule = 0; rule < BMS_RULE_COUNT; ++rule) {
        const std::string name = bms_rule_name(static_cast<bms_rule_t>(rule));
        add(owner, std::span(&row, 1), rule, "/" + name);
        signals_.back().help += " " + name;
      }
    }
  }

  void add_failures(const std::string& owner) {
    for (int failure = 0; failure < BMS_FAILURE_COUNT; ++failure) {
      const std::string name = bms_failure_name(static_cast<bms_failure_t>(failure));
      add(fmt::format("{}failure/{}", owner, name), bms_failure_signals(), failure);
      signals_.back().help += " " + name;
    }
  }

  void add_bits(const std::string& prefix, std::span<const NamedBit> bits,
                std::span<const UnitRow> rows) {
    for (const auto& [name, bit] : bits) add(prefix + std::string(name), rows, bit);
  }

  void add_panel(const std::string& owner, const Product& product) {
    for (const auto& [name, bit] : kLeds) {
      const int lamp = std::countr_zero(static_cast<unsigned>(bit));
      add(fmt::format("{}{}/", owner, name), lamp_signals(),
          lamp_index(lamp, product.lamp_colours[static_cast<std::size_t>(lamp)]));
    }
    add(owner + "buzzer/", buzzer_signals(), kBuzzerLamp);
    if (product.has_display) add(owner, display_signals());
  }

  std::vector<Signal> take() { return std::move(signals_); }

 private:
  int unit_ = 0;
  std::vector<Signal> signals_;
};

void add_unit(const Product& product, int unit, Builder& builder) {
  const std::string pack = fmt::format("pack{}/", unit + 1);
  const std::string bms = fmt::format("bms{}/", unit + 1);
  builder.begin_unit(unit);
  builder.add(pack, pack_signals());
  builder.add_cells(pack, product.pack.cell_count(), pack_cell_signals());
  builder.add_ntcs(pack, static_cast<int>(product.pack.beads.size()), pack_ntc_signals());
  builder.add(bms, bms_signals());
  builder.add_cells(bms, product.bms.cell_count, bms_cell_signals());
  builder.add_ntcs(bms, product.bms.ntc_count, bms_ntc_signals());
  builder.add_rules(bms, bms_rule_signals());
  builder.add_failures(bms);
  builder.add(bms + "bank/", bank_signals());
  builder.add_bits(bms + "led/", kLeds, bms_led_signals());
  builder.add_bits(bms + "button/", kButtons, bms_button_signals());
  builder.add_bits(bms + "coil/", kCoils, bms_coil_signals());
  builder.add_bits(bms + "contact/", kContacts, bms_contact_signals());
  builder.add_panel(fmt::format("panel{}/", unit + 1), product);
}

std::vector<Signal> signals_of(std::span<const Product* const> packs) {
  Builder builder;
  int unit = 0;
  for (const Product* product : packs) add_unit(*product, unit++, builder);
  builder.add("inverter1/", inverter_signals());
  builder.add_rules("inverter1/heard/", heard_rule_signals());
  builder.add("power1/", power_signals());
  builder.add("site/", site_signals());
  builder.add("env/", environment_signals());
  if (packs.front()->can != nullptr) {
    builder.add("can1/", can_signals());
    builder.add("can1/", can_wire_signals());
  }
  if (packs.front()->rs485 != nullptr) {
    builder.add("rs485_1/", rs485_signals());
    builder.add("rs485_1/", rs485_wire_signals());
  }
  return builder.take();
}

}  // namespace

SignalCatalogue::SignalCatalogue(const Product& product)
    : SignalCatalogue(std::array<const Product*, 1>{&product}) {}

SignalCatalogue::SignalCatalogue(std::span<const Product* const> packs)
    : signals_(signals_of(packs)), by_name_(signals_.size()) {
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
    if (matches_glob(glob, signals_[i].name)) positions.push_back(i);
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
