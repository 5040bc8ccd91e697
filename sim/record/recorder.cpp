// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "record/line_file.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 36> kStandardSet{
    "pack1/current_A",
    "pack1/terminal_V",
    "pack1/stack_V",
    "pack1/soc",
    "pack1/cell_max_V",
    "pack1/cell_min_V",
    "pack1/T_max_degC",
    "pack1/T_min_degC",
    "pack1/case_degC",
    "pack1/cell*/voltage_V",
    "pack1/ntc*/T_degC",
    "bms1/state",
    "bms1/soc",
    "bms1/current_A",
    "bms1/pack_V",
    "bms1/terminal_V",
    "bms1/cell_max_V",
    "bms1/cell_min_V",
    "bms1/T_max_degC",
    "bms1/T_min_degC",
    "bms1/cvl_V",
    "bms1/ccl_A",
    "bms1/dcl_A",
    "bms1/charge_gate",
    "bms1/discharge_gate",
    "bms1/bleeders",
    "bms1/cell*/voltage_V",
    "bms1/ntc*/T_degC",
    "inverter1/demand_W",
    "inverter1/current_A",
    "inverter1/target_A",
    "inverter1/max_V",
    "inverter1/is_connected",
    "inverter1/is_battery_lost",
    "site/*",
    "env/*",
};

constexpr std::array<std::string_view, 8> kFileNames{
    "events.jsonl", "signals.csv",    "can1.log",          "rs485_1.log",
    "result.json",  "violation.json", "core_failure.json", "divergence.json"};

// Positions named by one line of the plan.
std::vector<std::size_t> expand(const Located& signal, const SignalCatalogue& catalogue) {
  std::vector<std::size_t> positions = catalogue.match(signal.text);
  if (!positions.empty()) return positions;
  try {
    catalogue.find(signal.text);  // refuses with the near misses
  } catch (const std::invalid_argument& error) {
    throw DataError(signal.where, error.what());
  }
  return positions;
}

// In the order of the plan, each signal once.
std::vector<std::size_t> expand(const RecordPlan& plan, const SignalCatalogue& catalogue) {
  std::vector<std::vector<std::size_t>> parts;
  for (const Located& signal : plan.signals) parts.push_back(expand(signal, catalogue));
  if (plan.signals.empty()) {
    for (const std::string_view glob : kStandardSet) parts.push_back(catalogue.match(glob));
  }
  for (const Located& signal : plan.further) parts.push_back(expand(signal, catalogue));
  std::vector<std::size_t> positions;
  for (const auto& part : parts) {
    for (const std::size_t position : part) {
      const bool is_new =
          std::find(positions.begin(), positions.end(), position) == positions.end();
      if (is_new) positions.push_back(position);
    }
  }
  return positions;
}

// An old bus log beside a new signals.csv would be taken for part of the same run.
void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  for (const std::string_view name : kFileNames) {
    if (!error) fs::remove(folder / name, error);
  }
  if (error) throw DataError({folder.string(), 0, ""}, "cannot be written: " + error.message());
}

void append_number(std::string& row, double value) {
  row += ',';
  if (std::isnan(value)) {
    row += "nan";  // without the sign that some platforms print
  } else {
    fmt::format_to(std::back_inserter(row), "{:.9g}", value);
  }
}

}  // namespace

struct Recorder::Files {
  explicit Files(fs::path where) : folder(std::move(where)), signals(folder / "signals.csv") {}

  // A bus log comes into being with its first line.
  void write_bus(std::optional<LineFile>& file, std::string_view name, std::string_view line) {
    if (!file) file.emplace(folder / name);
    file->write(line);
  }

  fs::path folder;
  LineFile signals;
  std::optional<LineFile> can;
  std::optional<LineFile> serial;
};

Recorder::Recorder(const RecordPlan& plan, const SignalCatalogue& catalogue,
                   const std::optional<fs::path>& folder)
    : catalogue_(catalogue), recorded_(expand(plan, catalogue)), columns_(recorded_.size()) {
  if (!folder) return;
  prepare_folder(*folder);
  events_.write_to(*folder / "events.jsonl");
  files_ = std::make_unique<Files>(*folder);
  std::string header = "t_s";
  for (const std::size_t position : recorded_) header += "," + catalogue_.all()[position].name;
  files_->signals.write(header + "\n");
}

Recorder::~Recorder() = default;

void Recorder::sample(Time t_ns, const BenchState& state) {
  time_s_.append(to_seconds(t_ns));
  for (std::size_t i = 0; i < recorded_.size(); ++i) {
    const Signal& signal = catalogue_.all()[recorded_[i]];
    columns_[i].append(signal.read(state));
  }
  if (files_ == nullptr) return;
  std::string row = fmt::format("{:.12g}", to_seconds(t_ns));
  for (const Column& column : columns_) {
    append_number(row, column.block()[static_cast<std::ptrdiff_t>(column.size() - 1)]);
  }
  files_->signals.write(row + "\n");
}

void Recorder::can_frame(Time t_ns, const can_emulator::CanFrame& frame) {
  if (files_ == nullptr) return;
  files_->write_bus(files_->can, "can1.log", can_emulator::candump_line(t_ns, "can1", frame));
}

void Recorder::serial_bytes(Time t_ns, Direction direction, can_emulator::BytesView bytes) {
  if (serial_watch_) serial_watch_(t_ns, direction, bytes);
  if (files_ == nullptr) return;
  std::string line =
      can_emulator::candump_stamp(t_ns) + (direction == Direction::from_pack ? " > " : " < ");
  for (const std::uint8_t byte : bytes) fmt::format_to(std::back_inserter(line), "{:02X}", byte);
  files_->write_bus(files_->serial, "rs485_1.log", line + "\n");
}

void Recorder::dump(std::string_view file_name, std::string_view text) {
  if (files_ != nullptr) LineFile(files_->folder / file_name).write(text);
}

void Recorder::finish(const RunResult& result) {
  if (files_ != nullptr) replace_file(files_->folder / "result.json", to_json(result));
}

}  // namespace doppelpack::sim
