// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Logs of a bus that somebody brings along: what `doppelpack replay` reads, and what a candump: port
// writes. Input: the text of the log.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/frame.hpp"
#include "fuzz_wire.hpp"
#include "sim/replay.hpp"

namespace doppelpack::fuzz {
namespace {

using sim::Capture;
using sim::TimedFrame;

constexpr const char* kName = "site.log";

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

// More than blank lines and comments.
bool says_anything(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first < end && text[first] != '#') return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

void check_refusal(const sim::DataError& error, std::string_view text, std::ptrdiff_t lines) {
  const std::string_view what = error.what();
  require(what.starts_with(kName) && is_one_line(what), "an error that is not file, line, reason");
  require(error.where().line >= 0 && error.where().line <= lines, "an error beyond the log");
  require((error.where().line > 0) == says_anything(text), "an error without its line");
}

// Every line is a frame, blank, a comment or counted; and no two at once.
void check_counts(const Capture& capture, std::ptrdiff_t lines) {
  const std::size_t told =
      capture.frames.size() + capture.skipped.size() + capture.remark_lines.size();
  require(told <= static_cast<std::size_t>(lines), "more entries than lines");
  require(capture.remarks.size() == capture.remark_lines.size(), "a remark without its line");
  int last = 0;
  for (const sim::SkippedLine& skipped : capture.skipped) {
    require(skipped.line > last && skipped.line <= lines, "a skipped line that cannot be");
    require(!skipped.text.empty() && !can_emulator::parse_candump_line(skipped.text),
            "a frame was skipped");
    last = skipped.line;
  }
}

void check_frames(const Capture& capture) {
  require(capture.is_since_start || capture.frames.front().t_ns == 0, "the clock is not cut off");
  std::int64_t last_ns = 0;
  for (const TimedFrame& timed : capture.frames) {
    require(is_possible(timed.frame), "a frame of the log cannot be");
    require(timed.t_ns >= last_ns, "time goes back");
    last_ns = timed.t_ns;
  }
}

// What a candump: port writes of it: times cut to microseconds, remote frames without their length.
void check_writing(const Capture& capture) {
  std::string log;
  for (const TimedFrame& timed : capture.frames)
    log += can_emulator::candump_line(timed.t_ns, "can0", timed.frame);
  std::size_t at = 0;
  for (const TimedFrame& timed : capture.frames) {
    const std::size_t end = log.find('\n', at);
    const auto entry = can_emulator::parse_candump_line(std::string_view(log).substr(at, end - at));
    at = end + 1;
    TimedFrame expected{timed.t_ns / 1000 * 1000, timed.frame};
    if (expected.frame.is_remote) expected.frame.dlc = 0;
    require(entry && entry->interface == "can0", "our own line is none");
    require(TimedFrame{entry->t_ns, entry->frame} == expected, "it does not come back");
  }
}

void fuzz_candump_log(Input input) {
  const can_emulator::Bytes bytes = input.take_rest();
  const std::string text(bytes.begin(), bytes.end());
  const std::ptrdiff_t lines = 1 + std::count(text.begin(), text.end(), '\n');
  try {
    const Capture capture = sim::parse_capture(text, kName);
    require(!capture.frames.empty(), "a log without frames was taken");
    check_counts(capture, lines);
    check_frames(capture);
    check_writing(capture);
  } catch (const sim::DataError& error) {
    check_refusal(error, text, lines);
  }
}

}  // namespace

std::vector<Target> log_targets() {
  return {{"candump-log", fuzz_candump_log}};
}

}  // namespace doppelpack::fuzz
