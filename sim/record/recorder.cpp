// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/recorder.hpp"

#include <utility>

#include "record/line_file.hpp"
#include "record/record_plan.hpp"
#include "record/recording.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

Recorder::Recorder(const RecordPlan& plan, const SignalCatalogue& catalogue,
                   const RecordOptions& options)
    : catalogue_(catalogue),
      recorded_(expand(plan, catalogue)),
      columns_(recorded_.size()),
      row_(recorded_.size()),
      folder_(options.folder),
      keeps_rows_(options.choice.keeps_rows) {
  if (!folder_) return;
  std::vector<const Signal*> signals;
  for (const std::size_t position : recorded_) signals.push_back(&catalogue_.all()[position]);
  recording_ = std::make_unique<Recording>(signals, options);
  events_.write_to([this](Time t_ns, std::string_view line) {
    if (recording_) recording_->add_event(t_ns, line);
  });
}

Recorder::~Recorder() = default;

void Recorder::set_live(bool is_live) {
  if (recording_) recording_->set_live(is_live);
}

void Recorder::sample(Time t_ns, const BenchState& state) {
  if (!keeps_rows_ && recording_ == nullptr) return;
  for (std::size_t i = 0; i < recorded_.size(); ++i)
    row_[i] = catalogue_.all()[recorded_[i]].read(state);
  if (keeps_rows_) {
    time_s_.append(to_seconds(t_ns));
    for (std::size_t i = 0; i < row_.size(); ++i) columns_[i].append(row_[i]);
  }
  if (recording_) recording_->add_row(t_ns, row_);
}

void Recorder::can_frame(Time t_ns, const can_emulator::CanFrame& frame) {
  if (recording_) recording_->add_frame(t_ns, frame);
}

void Recorder::serial_bytes(Time t_ns, Direction direction, can_emulator::BytesView bytes) {
  if (serial_watch_) serial_watch_(t_ns, direction, bytes);
  if (recording_) recording_->add_burst(t_ns, direction, bytes);
}

void Recorder::dump(std::string_view file_name, std::string_view text) {
  if (recording_) recording_->add_file(file_name, text);
}

void Recorder::flush() {
  if (recording_) recording_->flush();
}

std::optional<RecordingReport> Recorder::close() {
  if (recording_ == nullptr) return {};
  const std::unique_ptr<Recording> recording = std::move(recording_);
  recording->close();
  recording->check();
  return recording->report();
}

// What a disk did not take of the recording it will hardly take of the result.
void Recorder::finish(const RunResult& result) {
  if (!folder_) return;
  if (result.recording && !result.recording->stopped.empty()) return;
  replace_file(*folder_ / "result.json", to_json(result));
}

}  // namespace doppelpack::sim
