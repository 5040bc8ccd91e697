// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The obedience test: a scripted battery says things on CAN or RS485, and what the inverter makes of them
// is graded. The inverter is a virtual one in virtual time, or whatever is plugged into a port.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/compat_rig.hpp"
#include "sim/compat_script.hpp"
#include "sim/product.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// From best to worst.
enum class Grade { obeyed, not_applicable, not_observable, late, ignored, unsafe };
inline constexpr std::size_t kGradeCount = 6;
std::string_view name_of(Grade grade);

/// Of one expectation of one step.
struct CompatFinding {
  int step = 0;  ///< from 1
  ExpectedReaction kind = ExpectedReaction::heartbeat;
  Grade grade = Grade::not_observable;
  double after_s = 0.0;    ///< when it was so, since the stimulus
  double allowed_s = 0.0;  ///< the limit
  std::string detail;
};

/// A line of compat.log, with its newline.
struct TimedLine {
  Time t_ns = 0;
  std::string text;
};

/// From 2 s before the stimulus to 10 s after the verdict. Of very many lines only the first and the
/// last are kept.
struct Evidence {
  std::vector<TimedLine> lines;
  std::size_t left_out = 0;     ///< lines that are only in compat.log,
  std::size_t left_out_at = 0;  ///< between this one of `lines` and the one before it
};

struct CompatResult {
  CompatItem item;
  Grade grade = Grade::not_observable;  ///< the worst finding; never obeyed when one is missing
  std::vector<CompatFinding> findings;
  std::string remark;  ///< why it was not played
  Time stimulus_ns = 0;
  Time verdict_ns = 0;
  Evidence evidence;  ///< empty until the test is over
};

struct CompatReport {
  std::string script;
  std::string product;
  std::string bus;               ///< CAN or RS485
  std::string inverter;          ///< as named by the user; the port otherwise
  bool has_measurement = false;  ///< of the current at least
  bool is_complete = true;       ///< false: stopped
  std::vector<CompatResult> results;
  /// Everything that could be seen was obeyed, and something could be seen.
  bool has_passed() const;
};

/// Who watches it. All but has_done must be set.
struct CompatWatch {
  std::function<void(const CompatResult& result)> note;  ///< each one as it is there
  std::function<void(std::string_view lines)> log;  ///< both sides of the bus, whenever it was used
  std::function<bool()> goes_on;  ///< asked all the time; false stops, without the present item
  /// Asked again and again whether somebody has done it, task_of() an act; empty: nobody is there.
  std::function<bool(std::string_view task)> has_done;
};

/// Throws PortError when a meter is silent from the beginning.
CompatReport run_compat(const CompatScript& script, const Product& product, CanRig& rig,
                        const CompatWatch& watch);
CompatReport run_compat(const CompatScript& script, const Product& product, SerialRig& rig,
                        const CompatWatch& watch);

/// compat.log (`candump -L`, on RS485 as rs485_1.log of a run), for CompatWatch::log. Creates the folder and empties the file. What was
/// logged is in the file when the call returns, whatever happens to the process then. Both throw
/// DataError.
std::function<void(std::string_view lines)> open_compat_log(const std::filesystem::path& folder);

/// compat.json and compat.html. Creates the folder. Throws DataError.
void write_compat(const std::filesystem::path& folder, const CompatReport& report);

}  // namespace doppelpack::sim
