// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "sim/replay.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::array<std::string_view, 6> kRemarks{"product", "scenario",  "inverter",
                                                   "against", "tolerance", "learned"};

// Three years: no run of ours is that long, and no clock that is set stands so early.
constexpr Time kClock = 100'000'000 * kSecond;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

void read_comment(std::string_view text, int line, Capture& capture) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view key = trimmed(text.substr(0, colon));
  if (std::find(kRemarks.begin(), kRemarks.end(), key) == kRemarks.end()) return;
  capture.remarks[std::string(key)] = trimmed(text.substr(colon + 1));
  capture.remark_lines[std::string(key)] = line;
}

void read_line(std::string_view text, int line, Capture& capture) {
  text = trimmed(text);
  if (text.empty()) return;
  if (text.front() == '#') {
    read_comment(text.substr(1), line, capture);
  } else if (const auto entry = can_emulator::parse_candump_line(text)) {
    capture.frames.push_back({entry->t_ns, entry->frame});
  } else {
    capture.skipped.push_back({line, std::string(text)});
  }
}

}  // namespace

Capture parse_capture(std::string_view text, std::string name) {
  Capture capture;
  capture.file = std::move(name);
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    read_line(text.substr(0, end), line, capture);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (capture.frames.empty()) {
    const int line = capture.skipped.empty() ? 0 : capture.skipped.front().line;
    throw DataError({capture.file, line, ""},
                    "found no frame, expected lines of 'candump -L': (1.000000) can0 351#1402");
  }
  // Two interfaces in one log may be a little out of order.
  std::stable_sort(capture.frames.begin(), capture.frames.end(),
                   [](const TimedFrame& a, const TimedFrame& b) { return a.t_ns < b.t_ns; });
  const Time first_ns = capture.frames.front().t_ns;
  capture.is_since_start = first_ns < kClock;
  if (!capture.is_since_start) {
    for (TimedFrame& timed : capture.frames) timed.t_ns -= first_ns;
  }
  return capture;
}

Capture read_capture(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!std::filesystem::is_regular_file(file) || !stream) {
    const int error = errno != 0 ? errno : EIO;
    throw DataError({file.string(), 0, ""},
                    "cannot be read: " + std::generic_category().message(error));
  }
  return parse_capture(text, file.string());
}

}  // namespace doppelpack::sim
