// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What becomes of a wrong board, relay or BMS configuration: see bad_input_test.cpp.
#include "bad_input.hpp"

namespace doppelpack::sim {
namespace {

using test::Edit;
using BadBmsInput = test::BadInput;

const Edit kHardwareEdits[]{
    {"mosfet_ntc: {lag: 15 s}", "mosfet_ntc: yes",
     "pack.mosfet_ntc: found 'yes', expected a map with the keys lag"},
    {"mosfet_ntc: {lag: 15 s}", "mosfet_ntc: {lag: 15 K}",
     "pack.mosfet_ntc.lag: found '15 K', a temperature, expected a time in "},
    {"bleeder: 68 Ohm", "relays: {closing: 15 ms}\n  bleeder: 68 Ohm",
     "pack.relays.precharge: found nothing, expected the key 'precharge'"},
    {"bleeder: 68 Ohm", "relays: {precharge: 30 Ohm, closing: 15 s}\n  bleeder: 68 Ohm",
     "pack.relays.closing: found '15 s', expected 0.0001 s to 1 s"},
    {"bleeder: 68 Ohm", "breaker: {rated: 1 A, auxiliary_contact: on}\n  bleeder: 68 Ohm",
     "pack.breaker.auxiliary_contact: found 'on', expected yes or no"},
    {"short_circuit: {", "discharge_comparator: {threshold: 90 A}\n  short_circuit: {",
     "sensing.discharge_comparator.delay: found nothing, expected the key 'delay'"},
    {"short_circuit: {", "charge_comparator: {threshold: 90 A, delay: 3 s}\n  short_circuit: {",
     "sensing.charge_comparator.delay: found '3 s', expected 0 s to 2 s"},
    {"board: {clock_spread: 0.002 %}", "board: {clock_spread: 2 %}",
     "board.clock_spread: found '2 %', expected 0 to 0.01 (or in %)"},
    {"board: {clock_spread: 0.002 %}", "board: {wake: {buttons: [power, reset]}}",
     "board.wake.buttons[1]: found 'reset', expected power, switch or wake"},
    {"board: {clock_spread: 0.002 %}", "board: {wake: {terminals: {low: 60 V, high: 45 V}}}",
     "board.wake.terminals.high: found '45 V', expected more than low, 60 V"},
    {"board: {clock_spread: 0.002 %}", "board: {insulation_monitor: {range: 1 V}}",
     "board.insulation_monitor.range: found '1 V', a voltage, expected a resistance in "},
};

class RuleText : public test::BadInput {
 protected:
  // What the reader says of the generic pack with these lines behind its rule "utd".
  std::string error_with(const std::string& lines) const {
    std::string text = test::read_text(test::kData / "products" / "generic-16s.yaml");
    const std::string mark = "    cell-failure-high:\n";
    text.insert(text.find(mark), lines);
    const std::string error = error_of(write("generic-16s.yaml", text));
    return error.substr(std::min(error.find(' ') + 1, error.size()));
  }
};

TEST_F(BadBmsInput, is_refused_by_line_field_and_reason) {
  check("products/generic-16s.yaml", kHardwareEdits);
}

TEST_F(RuleText, has_the_units_of_its_signal) {
  constexpr const char* kRest = ", delay: 1 s, release_delay: 1 s}}\n";
  const auto error = [&](const char* levels) { return error_with(std::string(levels) + kRest); };
  EXPECT_EQ(error("    t-spread: {warning: {trip: 10 K, release: 8 K"), "accepted");
  EXPECT_EQ(error("    cell-zero: {protection: {trip: 0.3 V, release: 1 V"), "accepted");
  EXPECT_EQ(error("    soc-low: {warning: {trip: 10 %, release: 12 %"), "accepted");
  EXPECT_EQ(error("    insulation: {warning: {trip: 100 kOhm, release: 200 kOhm"), "accepted");
  EXPECT_EQ(
      error("    insulation: {warning: {trip: 100 kOhm, release: 50 kOhm"),
      "bms.rules.insulation.warning.release: found '50 kOhm', expected more than the trip, 100 "
      "kOhm");
  EXPECT_EQ(error("    t-spread: {warning: {trip: 10 V, release: 8 K").substr(0, 60),
            "bms.rules.t-spread.warning.trip: found '10 V', a voltage, ex");
}

TEST_F(RuleText, says_what_follows_in_known_words) {
  EXPECT_EQ(error_with("    cell-zero: {opens: [charge, door]}\n"),
            "bms.rules.cell-zero.opens[1]: found 'door', expected charge, discharge, contacts or "
            "supply");
  EXPECT_EQ(error_with("    cell-zero: {asks: [more]}\n"),
            "bms.rules.cell-zero.asks[0]: found 'more', expected force-charge, force-charge-2 or "
            "full-charge");
  EXPECT_EQ(error_with("    cell-zero: {latch: screw}\n"),
            "bms.rules.cell-zero.latch: found 'screw', expected button, power-cycle or repair");
  EXPECT_EQ(error_with("    cell-zero: {failure: maybe}\n"),
            "bms.rules.cell-zero.failure: found 'maybe', expected yes or no");
}

TEST_F(RuleText, says_what_a_limiting_leaves) {
  const std::string limiting =
      "    soc-low: {limiting: {trip: 10 %, release: 12 %, delay: 1 s, release_delay: 1 s}";
  EXPECT_EQ(error_with(limiting + "}\n"),
            "bms.rules.soc-low.limited: found nothing, expected the key 'limited'");
  EXPECT_EQ(error_with(limiting + ", limited: {charge: 100 %, discharge: 150 %}}\n"),
            "bms.rules.soc-low.limited.discharge: found '150 %', expected 0 to 1 (or in %)");
  EXPECT_EQ(error_with(limiting + ", limited: {charge: 100 %, discharge: 50 %}, protection: "
                                  "{trip: 11 %, release: 12 %, delay: 1 s, release_delay: 1 s}}\n"),
            "bms.rules.soc-low.limiting.trip: found '10 %', expected at least the trip of the "
            "protection, 11 %");
}

}  // namespace
}  // namespace doppelpack::sim
