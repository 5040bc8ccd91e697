// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Each cause of a transition: how to bring it about, from which states it leads where, and the reason it gives.
#pragma once

#include <set>

#include "sequence_bench.hpp"

namespace bms_test::ways {

using States = std::set<bms_state_t>;
using Change = void (*)(Bench&);

struct Way {
  const char* name;
  Change configure;
  Change cause;
  States from;
  bms_state_t to;
  bms_reason_t reason;

  friend std::ostream& operator<<(std::ostream& stream, const Way& self) {
    return stream << self.name;
  }
};

inline const States kAsleep = {BMS_STATE_OFF, BMS_STATE_STORAGE, BMS_STATE_DEEP_SLEEP};
inline const States kStarting = {BMS_STATE_SELF_TEST, BMS_STATE_PRECHARGE};
inline const States kFree = {BMS_STATE_STANDBY, BMS_STATE_CHARGE, BMS_STATE_DISCHARGE};
inline const States kEased = {BMS_STATE_PROTECTION, BMS_STATE_LIMIT};

inline States operator+(States a, const States& b) {
  a.insert(b.begin(), b.end());
  return a;
}
inline States operator-(States a, const States& b) {
  for (const bms_state_t state : b) a.erase(state);
  return a;
}

inline const States kOnDuty = kFree + kEased;
inline const States kAwake = kStarting + kOnDuty + States{BMS_STATE_FAILURE};
inline const States kSupplied = kAwake + States{BMS_STATE_STORAGE};
inline const States kBeforeProtection = kStarting + kFree + States{BMS_STATE_LIMIT};

// A rule that trips at once beyond `trip` and ends once the signal is back at `release`.
template <bms_rule_t rule, int32_t trip, int32_t release, uint8_t opens>
void protect(Bench& bench) {
  bench.config.rules[rule].protection = {true, trip, release, 0, 0};
  bench.config.rules[rule].opens = opens;
  bench.config.rules[rule].max_retries = BMS_RETRY_FOREVER;
}
template <uint8_t opens>
void lose_inverter(Bench& bench) {
  bench.config.sequence.inverter_lost_ms = 1;
  bench.config.failures[BMS_FAILURE_INVERTER_LOST] = {true, false, 0, opens, 0};
}
inline void use_window(Bench& bench) {
  bench.config.sequence.activation_low_mV = 45000;
  bench.config.sequence.activation_high_mV = 60000;
  bench.config.sequence.not_meant_ms = 1;
}
inline void use_contacts(Bench& bench) {
  bench.config.sequence.has_contacts = true;
  bench.config.sequence.contact_ms = 20;
  bench.config.sequence.precharge_ms = 500;
}
inline void use_low_stack(Bench& bench) {
  use_window(bench);
  bench.config.sequence.supply_low_mV = 35000;
  bench.config.sequence.supply_back_mV = 40000;
}
inline void use_storage(Bench& bench) {
  bench.config.sequence.storage_after_ms = 1;
}
inline constexpr Change kNothing = [](Bench&) {};
inline constexpr Change kLower = [](Bench& b) { b.set_cells_mV(2000); };
inline constexpr Change kHigher = [](Bench& b) { b.set_cells_mV(3700); };
inline constexpr Change kCharge = [](Bench& b) { b.set_current_mA(501); };
inline constexpr Change kLoad = [](Bench& b) { b.set_current_mA(-501); };
inline constexpr Change kTouch = [](Bench& b) { b.in.buttons = BMS_BUTTON_WAKE; };
inline constexpr Change kToggle = [](Bench& b) { b.in.buttons = BMS_BUTTON_SWITCH; };
inline constexpr Change kSwitch = [](Bench& b) { b.config.sequence.has_switch = true; };
inline constexpr Change kPins = [](Bench& b) { b.in.wake = BMS_WAKE_PINS; };
inline constexpr Change kMains = [](Bench& b) { b.in.wake = BMS_WAKE_CHARGER; };
inline constexpr Change kOutside = [](Bench& b) { b.set_terminal_mV(50000); };
inline constexpr Change kEmpty = [](Bench& b) { b.config.sequence.sleep_after_ms = 1; };
inline constexpr Change kLimited = [](Bench& b) {
  b.config.rules[BMS_RULE_CELL_OV].limiting = {true, 3600, 3500, 0, 0};
};
inline constexpr uint8_t kCut = BMS_OPENS_SUPPLY, kPaths = BMS_OPENS_ALL_PATHS;
inline constexpr auto kStandby = BMS_STATE_STANDBY;

inline const Way kWays[] = {
    {"low_stack", use_low_stack, kLower, kSupplied, BMS_STATE_SUPPLY_LOSS, BMS_REASON_SUPPLY_LOW},
    {"cut_by_failure", lose_inverter<kCut>, kNothing, kSupplied, BMS_STATE_SHUTDOWN,
     BMS_REASON_FAILURE},
    {"cut_by_cell_uv", protect<BMS_RULE_CELL_UV, 2500, 2600, kCut>, kLower, kSupplied,
     BMS_STATE_SHUTDOWN, BMS_REASON_UNDER_VOLTAGE},
    {"cut_by_pack_uv", protect<BMS_RULE_PACK_UV, 43200, 44000, kCut>, kLower, kSupplied,
     BMS_STATE_SHUTDOWN, BMS_REASON_UNDER_VOLTAGE},
    {"cut_by_pack_ov", protect<BMS_RULE_PACK_OV, 57600, 57000, kCut>, kHigher, kSupplied,
     BMS_STATE_SHUTDOWN, BMS_REASON_RULE},
    {"cut_by_load", protect<BMS_RULE_OCD, 500, 400, kCut>, kLoad, kSupplied, BMS_STATE_SHUTDOWN,
     BMS_REASON_RULE},
    {"switched_off", kSwitch, kNothing, kSupplied, BMS_STATE_SHUTDOWN, BMS_REASON_SWITCH},
    {"pressed_off",
     [](Bench& b) {
       b.config.sequence.has_power_button = true;
       b.config.sequence.press_off_ms = 1;
     },
     [](Bench& b) { b.in.buttons = BMS_BUTTON_POWER; }, kAwake, BMS_STATE_SHUTDOWN,
     BMS_REASON_BUTTON},
    {"silence", [](Bench& b) { b.config.sequence.inverter_silence_ms = 1; }, kNothing, kSupplied,
     BMS_STATE_SHUTDOWN, BMS_REASON_INVERTER_SILENT},
    {"empty", kEmpty, [](Bench& b) { b.factory.soc_permille = 0; },
     kOnDuty + States{BMS_STATE_STORAGE}, BMS_STATE_DEEP_SLEEP, BMS_REASON_EMPTY},
    {"empty_cell",
     [](Bench& b) { kEmpty(b), protect<BMS_RULE_CELL_UV, 2500, 2600, BMS_OPENS_DISCHARGE>(b); },
     kLower, kOnDuty + States{BMS_STATE_STORAGE}, BMS_STATE_DEEP_SLEEP, BMS_REASON_EMPTY},
    {"empty_pack",
     [](Bench& b) { kEmpty(b), protect<BMS_RULE_PACK_UV, 43200, 44000, BMS_OPENS_DISCHARGE>(b); },
     kLower, kOnDuty + States{BMS_STATE_STORAGE}, BMS_STATE_DEEP_SLEEP, BMS_REASON_EMPTY},
    {"full_pack_never_sleeps",
     [](Bench& b) { kEmpty(b), protect<BMS_RULE_PACK_OV, 57600, 57000, BMS_OPENS_CHARGE>(b); },
     kHigher,
     {},
     BMS_STATE_DEEP_SLEEP,
     BMS_REASON_EMPTY},
    {"good_bye_is_over",
     [](Bench& b) { b.config.sequence.shutdown_ms = 1; },
     kNothing,
     {BMS_STATE_SHUTDOWN},
     BMS_STATE_OFF,
     BMS_REASON_NONE},
    {"stack_is_back",
     use_low_stack,
     kNothing,
     {BMS_STATE_SUPPLY_LOSS, BMS_STATE_FAILURE},
     BMS_STATE_SELF_TEST,
     BMS_REASON_RELEASE},
    {"fed_while_low",
     use_low_stack,
     [](Bench& b) { kLower(b), kMains(b); },
     {BMS_STATE_SUPPLY_LOSS},
     BMS_STATE_SELF_TEST,
     BMS_REASON_CHARGER},
    {"failure",
     [](Bench& b) {
       protect<BMS_RULE_CELL_OV, 3650, 3600, BMS_OPENS_CHARGE>(b);
       b.config.rules[BMS_RULE_CELL_OV].is_failure = true;
     },
     kHigher, kSupplied - States{BMS_STATE_FAILURE}, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
    {"touched", kNothing, kTouch, kAsleep, BMS_STATE_ACTIVATION, BMS_REASON_BUTTON},
    {"toggled", kSwitch, kToggle, kAsleep, BMS_STATE_ACTIVATION, BMS_REASON_SWITCH},
    {"pins", kNothing, kPins, kAsleep, BMS_STATE_ACTIVATION, BMS_REASON_WAKE_PINS},
    {"outside", use_window, kOutside, kAsleep, BMS_STATE_ACTIVATION, BMS_REASON_TERMINALS},
    {"mains", kNothing, kMains, kAsleep, BMS_STATE_ACTIVATION, BMS_REASON_CHARGER},
    {"touch_meant",
     kNothing,
     kTouch,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_SELF_TEST,
     BMS_REASON_BUTTON},
    {"toggle_meant",
     kSwitch,
     kToggle,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_SELF_TEST,
     BMS_REASON_SWITCH},
    {"pins_meant",
     kNothing,
     kPins,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_SELF_TEST,
     BMS_REASON_WAKE_PINS},
    {"outside_meant",
     use_window,
     kOutside,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_SELF_TEST,
     BMS_REASON_TERMINALS},
    {"mains_meant",
     kNothing,
     kMains,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_SELF_TEST,
     BMS_REASON_CHARGER},
    {"nothing_meant",
     use_window,
     kNothing,
     {BMS_STATE_ACTIVATION},
     BMS_STATE_OFF,
     BMS_REASON_NOT_MEANT},
    {"contacts",
     use_contacts,
     kNothing,
     {BMS_STATE_SELF_TEST},
     BMS_STATE_PRECHARGE,
     BMS_REASON_PASSED},
    {"contacts_again", use_contacts, kNothing, kFree + kEased, BMS_STATE_PRECHARGE,
     BMS_REASON_RELEASE},
    {"contacts_blocked",
     [](Bench& b) { use_contacts(b), protect<BMS_RULE_CELL_OV, 3650, 3600, kPaths>(b); }, kHigher,
     kBeforeProtection, BMS_STATE_PROTECTION, BMS_REASON_RULE},
    {"rule", protect<BMS_RULE_CELL_OV, 3650, 3600, BMS_OPENS_CHARGE>, kHigher, kBeforeProtection,
     BMS_STATE_PROTECTION, BMS_REASON_RULE},
    {"finding", lose_inverter<BMS_OPENS_CHARGE>, kNothing, kBeforeProtection, BMS_STATE_PROTECTION,
     BMS_REASON_FAILURE},
    {"limit", kLimited, kHigher, kStarting + kFree, BMS_STATE_LIMIT, BMS_REASON_LIMITING},
    {"limit_is_left",
     kLimited,
     kHigher,
     {BMS_STATE_PROTECTION},
     BMS_STATE_LIMIT,
     BMS_REASON_RELEASE},
    {"charge", kNothing, kCharge, kStarting, BMS_STATE_CHARGE, BMS_REASON_PASSED},
    {"charge_after", kNothing, kCharge, kEased, BMS_STATE_CHARGE, BMS_REASON_RELEASE},
    {"charge_begins",
     kNothing,
     kCharge,
     {BMS_STATE_STANDBY, BMS_STATE_DISCHARGE},
     BMS_STATE_CHARGE,
     BMS_REASON_CURRENT},
    {"load", kNothing, kLoad, kStarting, BMS_STATE_DISCHARGE, BMS_REASON_PASSED},
    {"load_after", kNothing, kLoad, kEased, BMS_STATE_DISCHARGE, BMS_REASON_RELEASE},
    {"load_begins",
     kNothing,
     kLoad,
     {BMS_STATE_STANDBY, BMS_STATE_CHARGE},
     BMS_STATE_DISCHARGE,
     BMS_REASON_CURRENT},
    {"rest", kNothing, kNothing, kStarting, kStandby, BMS_REASON_PASSED},
    {"rest_after", kNothing, kNothing, kEased, kStandby, BMS_REASON_RELEASE},
    {"rest_begins",
     kNothing,
     kNothing,
     {BMS_STATE_CHARGE, BMS_STATE_DISCHARGE},
     kStandby,
     BMS_REASON_CURRENT},
    {"idle", use_storage, kNothing, {BMS_STATE_STANDBY}, BMS_STATE_STORAGE, BMS_REASON_IDLE},
    {"idle_limited",
     [](Bench& b) { use_storage(b), kLimited(b); },
     kHigher,
     {BMS_STATE_LIMIT},
     BMS_STATE_STORAGE,
     BMS_REASON_IDLE},
};

}  // namespace bms_test::ways
