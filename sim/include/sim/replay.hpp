// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Playing a recorded CAN bus again: the frames of one side at their times, and what the virtual other
// side makes of them compared with what the log holds of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sim/data_error.hpp"
#include "sim/scenario.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

struct TimedFrame {
  Time t_ns = 0;
  can_emulator::CanFrame frame;

  bool operator==(const TimedFrame&) const = default;
};

/// A line that is no frame.
struct SkippedLine {
  int line = 0;
  std::string text;
};

/// A candump log. Comments begin with #; one like "# product: generic-16s" is a remark. The keys are
/// those of the options of `doppelpack replay`, and "learned".
struct Capture {
  std::string file;
  std::vector<TimedFrame> frames;  ///< by rising time, since the start of the run or of the log
  bool is_since_start =
      true;  ///< stamps of a run of ours; false: of a clock, cut to the first frame
  std::vector<SkippedLine> skipped;
  std::map<std::string, std::string, std::less<>> remarks;
  std::map<std::string, int, std::less<>> remark_lines;
};

/// Throws DataError: cannot be read, or holds no frame at all.
Capture read_capture(const std::filesystem::path& file);
/// The same of a text; `name` is the file in errors.
Capture parse_capture(std::string_view text, std::string name);

// ---- comparing ----------------------------------------------------------------------------------

struct CompareRules {
  Time tolerance_ns = 100 * kMillisecond;
  /// False: a frame has its time. True: the sides have clocks of their own, so it is the pauses between
  /// frames of one identifier that are compared, not when the first one came.
  bool is_phase_free = false;
  Time start_ns = 0;  ///< what was found before or after this span has nothing to be compared with
  Time end_ns = 0;
};

struct FrameDifference {
  Time t_ns = 0;                       ///< in the time of the log
  std::optional<TimedFrame> expected;  ///< from the log
  std::optional<TimedFrame> found;
  std::string reason;
};

/// The first difference in time, identifier by identifier; both by rising time.
std::optional<FrameDifference> first_difference(std::span<const TimedFrame> expected,
                                                std::span<const TimedFrame> found,
                                                const CompareRules& rules);

/// A field of what was decoded, as text: {"ccl_A", "50"}.
struct BatteryValue {
  std::string_view name;
  std::string text;

  bool operator==(const BatteryValue&) const = default;
};

/// Everything a view knows.
std::vector<BatteryValue> known_values(const can_emulator::BatteryView& view);

/// "ccl_A: expected 50, found 40; ..."; empty when the protocol does not know the frames.
std::string difference_of_fields(const can_emulator::CanProtocol& protocol,
                                 const can_emulator::Choices& choices,
                                 const can_emulator::CanFrame& expected,
                                 const can_emulator::CanFrame& found);

// ---- replaying ----------------------------------------------------------------------------------

struct LearnedValue {
  Time t_ns = 0;
  BatteryValue value;
};

struct ReplayResult {
  std::size_t played = 0;     ///< frames of the log that were played
  std::size_t expected = 0;   ///< frames of the log to compare with
  std::size_t strangers = 0;  ///< frames of the log that are neither a battery's nor an inverter's
  std::vector<TimedFrame> found;
  Time found_offset_ns = 0;           ///< of the times in `found`, against those of the log
  std::vector<LearnedValue> learned;  ///< by the virtual inverter, whenever a value changed
  std::optional<FrameDifference> difference;
};

/// Plays everything that is not from the battery to the pack of a bench. A log with the stamps of a
/// clock begins with the pack's first frame of the identifier with which the log's battery begins.
ReplayResult replay_against_pack(const Capture& capture, Scenario scenario, Time tolerance_ns);

/// Plays the frames of the battery to the virtual inverter and compares what the log has of an inverter:
/// frames that the protocol takes for one's, or whose identifier this inverter uses. The remark "learned" says what it must
/// know in the end, "cvl_V=53.2 ccl_A=480". Throws DataError for a remark it does not understand.
ReplayResult replay_against_inverter(const Capture& capture, const Product& product,
                                     const InverterDesign& inverter, Time tolerance_ns);

/// Creates the folder and writes replay.json and found.log (`candump -L`, in the time of the log).
void write_replay(const std::filesystem::path& folder, const Capture& capture,
                  const ReplayResult& result, const can_emulator::CanProtocol& protocol,
                  const can_emulator::Choices& choices);

}  // namespace doppelpack::sim
