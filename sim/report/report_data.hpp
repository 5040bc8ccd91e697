// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a report is made of: plain data, bounded in every direction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/event_log.hpp"
#include "sim/panel_watch.hpp"
#include "sim/recorder.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

struct ReportSignal {
  std::string name;
  std::string_view unit;
  std::vector<std::string_view> words;  ///< of an enumeration; empty: a number
};

/// All signals at one time, in the order of ReportData::signals.
struct ReportRow {
  Time t_ns = 0;
  std::vector<float> values;
};

/// From now on these lamps of a pack are lit (bits of PanelWatch::lit).
struct LampEdge {
  Time t_ns = 0;
  std::size_t pack = 0;  ///< from 0
  std::uint32_t lit = 0;
};

/// From now on a person says this of a lamp.
struct LampLook {
  Time t_ns = 0;
  std::size_t pack = 0;
  int lamp = 0;
  LampPattern pattern = LampPattern::dark;
  double period_s = 0.0;  ///< not a number unless it flashes
};

struct HeardFrame {
  Time t_ns = 0;
  can_emulator::CanFrame frame;
  bool is_from_pack = false;
};

struct HeardBurst {
  Time t_ns = 0;
  Direction direction = Direction::from_pack;
  can_emulator::Bytes bytes;  ///< the beginning of it
  std::size_t length = 0;     ///< all of it
};

/// Some seconds around noteworthy events.
struct ReportWindow {
  Time start_ns = 0;
  Time end_ns = 0;
  std::vector<Event> events;
  std::uint64_t events_left_out = 0;
  std::vector<ReportRow> rows;
  std::vector<LampEdge> lamps;  ///< the first of each pack: what is lit at the start
  std::vector<HeardFrame> frames;
  std::uint64_t frames_left_out = 0;
  std::vector<HeardBurst> bursts;
  std::uint64_t bursts_left_out = 0;
};

/// Lowest and highest of each signal in equal intervals; not a number where it was unknown.
struct Overview {
  Time start_ns = 0;
  Time interval_ns = 0;
  std::vector<std::vector<float>> low;  ///< of each signal, of each interval
  std::vector<std::vector<float>> high;
};

struct ReportData {
  Time start_ns = 0;
  Time end_ns = 0;
  std::vector<ReportSignal> signals;
  Overview overview;
  std::vector<LampLook> looks;
  std::uint64_t looks_left_out = 0;
  std::vector<ReportWindow> windows;
  std::uint64_t moments_left_out = 0;  ///< noteworthy events without a window
  std::vector<Event> events;           ///< first and last ones
  std::uint64_t events_left_out = 0;   ///< between them
  std::string event_log_sha256;        ///< of all events up to here
  std::string why_over;
};

}  // namespace doppelpack::sim
