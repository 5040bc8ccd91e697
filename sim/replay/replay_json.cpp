// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <nlohmann/json.hpp>

#include "record/line_file.hpp"
#include "sim/replay.hpp"

namespace doppelpack::sim {

namespace {

using ReplayJson = nlohmann::ordered_json;

std::string line_of(const TimedFrame& timed) {
  return can_emulator::candump_line(std::max<Time>(timed.t_ns, 0), "can1", timed.frame);
}

ReplayJson frame_value(const std::optional<TimedFrame>& timed) {
  if (!timed) return nullptr;
  std::string line = line_of(*timed);
  line.pop_back();
  return line;
}

ReplayJson difference_value(const ReplayResult& result, const can_emulator::CanProtocol& protocol,
                            const can_emulator::Choices& choices) {
  if (!result.difference) return nullptr;
  const FrameDifference& difference = *result.difference;
  std::string fields;
  if (difference.expected && difference.found) {
    fields = difference_of_fields(protocol, choices, difference.expected->frame,
                                  difference.found->frame);
  }
  return {{"t_s", to_seconds(difference.t_ns)},
          {"reason", difference.reason},
          {"expected", frame_value(difference.expected)},
          {"found", frame_value(difference.found)},
          {"fields", fields}};
}

}  // namespace

void write_replay(const std::filesystem::path& folder, const Capture& capture,
                  const ReplayResult& result, const can_emulator::CanProtocol& protocol,
                  const can_emulator::Choices& choices) {
  create_folder(folder);
  ReplayJson learned = ReplayJson::array();
  for (const LearnedValue& value : result.learned) {
    learned.push_back(
        {{"t_s", to_seconds(value.t_ns)}, {"name", value.value.name}, {"value", value.value.text}});
  }
  ReplayJson skipped = ReplayJson::array();
  for (const SkippedLine& line : capture.skipped)
    skipped.push_back({{"line", line.line}, {"text", line.text}});
  const ReplayJson document = {{"log", capture.file},
                               {"played", result.played},
                               {"expected", result.expected},
                               {"strangers", result.strangers},
                               {"found", result.found.size()},
                               {"skipped", std::move(skipped)},
                               {"difference", difference_value(result, protocol, choices)},
                               {"learned", std::move(learned)}};
  std::string log;
  for (const TimedFrame& timed : result.found) {
    if (timed.t_ns >= 0) log += line_of(timed);
  }
  replace_file(folder / "found.log", log);
  replace_file(folder / "replay.json",
               document.dump(2, ' ', false, ReplayJson::error_handler_t::replace) + "\n");
}

}  // namespace doppelpack::sim
