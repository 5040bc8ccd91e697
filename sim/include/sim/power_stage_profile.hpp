// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a family of bidirectional DC sources is spoken to in SCPI, as data; a file of
// scenarios/power_stages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/time.hpp"

namespace doppelpack::sim {

/// A line that is sent, and what has to be in the answer; without `expected` there is none. {V}, {A}
/// and {W} stand for numbers in V, A and W, {s} for whole seconds.
struct ScpiLine {
  std::string text;
  std::string expected;
};

/// A device that switches its output off by itself when nobody talks to it any more.
struct DeviceWatchdog {
  Time timeout_ns = 0;  ///< whole seconds
  std::vector<ScpiLine> start;
  std::vector<ScpiLine> stop;
};

struct PowerStageProfile {
  std::string key;
  std::string title;
  std::string file;
  std::vector<std::string> identity;  ///< each is in the answer to *IDN?, in any case of letters
  bool is_positive_out = true;  ///< a positive reading leaves the device: it discharges the pack
  double rated_V = 0.0;         ///< of the largest device of the family, as the next two
  double rated_A = 0.0;
  double rated_W = 0.0;
  Time period_ns = 0;  ///< from one set-point and reading to the next
  Time settle_ns = 0;  ///< from "output on" to what is measured then

  std::vector<ScpiLine> prepare;  ///< with the operator's limits: remote, output off, voltage mode
  std::vector<ScpiLine> leave;
  std::string set_voltage;          ///< {V}
  std::string set_charge_limit;     ///< {A}, into the device
  std::string set_discharge_limit;  ///< {A}, out of the device
  std::string output_on;
  std::string output_off;
  std::string ask_output;
  std::string ask_voltage;
  std::string ask_current;
  std::string ask_error;
  std::string ask_rated_voltage;  ///< empty: cannot be asked, as the next two
  std::string ask_rated_current;
  std::string ask_rated_power;
  std::optional<DeviceWatchdog> watchdog;
};

}  // namespace doppelpack::sim
