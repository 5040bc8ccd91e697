// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Everything that can be looked at or set by name. A signal is a name, a unit and a pure function
// of BenchState; a control is a signal that may be written.
//
// Names read like paths: pack1/... is the truth (the plant), bms1/... what the firmware measured and
// decided, inverter1/... what the inverter heard and does, site/..., env/..., can1/..., rs485_1/...
// Further packs of a bank are pack2/..., bms2/... and so on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/bench_state.hpp"
#include "sim/product.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::sim {

/// Where a signal's value comes from: one of the packs, or what they share. index: cell, NTC, rule, bit.
struct SignalReader {
  int unit = 0;
  int index = 0;
  double (*of_unit)(const PackUnit& unit, int index) = nullptr;
  double (*of_bench)(const BenchState& state, int index) = nullptr;

  double read(const BenchState& state) const {
    if (of_unit == nullptr) return of_bench(state, index);
    return of_unit(state.units[static_cast<std::size_t>(unit)], index);
  }
};

/// Where a control's value goes, likewise.
struct SignalWriter {
  int unit = 0;
  int index = 0;
  void (*to_unit)(PackUnit& unit, int index, double value) = nullptr;
  void (*to_bench)(BenchState& state, int index, double value) = nullptr;

  bool is_there() const { return to_unit != nullptr || to_bench != nullptr; }
  void write(BenchState& state, double value) const {
    if (to_unit == nullptr) return to_bench(state, index, value);
    to_unit(state.units[static_cast<std::size_t>(unit)], index, value);
  }
};

struct Signal {
  std::string name;
  Dimension dimension = Dimension::none;
  std::string help;
  std::span<const std::string_view> words;  ///< of an enumeration: value n reads as words[n]
  SignalReader reader;
  SignalWriter writer;  ///< empty: not a control

  double read(const BenchState& state) const { return reader.read(state); }
  bool is_control() const { return writer.is_there(); }
  void write(BenchState& state, double value) const { writer.write(state, value); }
};

/// All signals of a bench, in a fixed order.
class SignalCatalogue {
 public:
  /// Of a bench with one pack.
  explicit SignalCatalogue(const Product& product);
  /// Of a bench with these packs, each by its product; the buses are those of the first.
  explicit SignalCatalogue(std::span<const Product* const> packs);

  std::span<const Signal> all() const { return signals_; }
  /// Position in all(). Throws std::invalid_argument with near misses when there is none.
  std::size_t find(std::string_view name) const;
  /// Positions of all signals whose name matches the glob ("pack1/cell*/voltage_V"), in order;
  /// `*` stands for any text, slashes included, `?` for any one character.
  std::vector<std::size_t> match(std::string_view glob) const;

 private:
  std::vector<Signal> signals_;
  std::vector<std::size_t> by_name_;  ///< positions, sorted by name
};

/// "3.652 V", "open", "yes", "unknown" for what is not a number: for people and logs.
std::string format_value(const Signal& signal, double value);

/// A number with unit or one of the signal's words. Throws std::invalid_argument.
double parse_value(const Signal& signal, std::string_view text);

/// The candidates most like `word`, best first, at most three, none when nothing is close.
std::vector<std::string> near_misses(std::string_view word,
                                     std::span<const std::string_view> candidates);

}  // namespace doppelpack::sim
