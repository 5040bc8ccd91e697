// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/recording.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <array>
#include <csignal>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "record/line_sink.hpp"
#include "record/record_queue.hpp"
#include "record/signal_sink.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 10> kFileNames{
    "events.jsonl", "signals.csv",    "signals.mf4",       "can1.log",        "rs485_1.log",
    "result.json",  "violation.json", "core_failure.json", "divergence.json", "losses.jsonl"};

/// A segment of signals.mf4 to this part of the queue, 4 MiB to 32: what readers of MDF like at a time.
constexpr std::size_t kSegmentsInQueue = 8;

// An old bus log beside a new file of signals would be taken for part of the same run.
void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  for (const std::string_view name : kFileNames) {
    if (!error) fs::remove(folder / name, error);
  }
  if (error) throw DataError({folder.string(), 0, ""}, "cannot be written: " + error.message());
}

std::unique_ptr<SignalSink> make_signal_sink(Disk& disk, const std::vector<const Signal*>& signals,
                                             const RecordOptions& options) {
  if (options.choice.format == RecordFormat::mdf4)
    return make_mdf4_sink(disk, *options.folder, signals, options.title,
                          options.choice.queue_bytes / kSegmentsInQueue);
  return make_csv_sink(disk, *options.folder, signals);
}

template <typename T>
T read_as(std::span<const std::byte> payload) {
  T value;
  std::memcpy(&value, payload.data(), sizeof value);
  return value;
}

std::string_view text_of(std::span<const std::byte> payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

std::span<const std::byte> payload_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string burst_line(Time t_ns, std::span<const std::byte> payload) {
  const auto direction = static_cast<Direction>(payload.front());
  std::string line =
      can_emulator::candump_stamp(t_ns) + (direction == Direction::from_pack ? " > " : " < ");
  for (const std::byte byte : payload.subspan(1))
    fmt::format_to(std::back_inserter(line), "{:02X}", std::to_integer<unsigned>(byte));
  return line + "\n";
}

std::string gap_line(const RecordGap& gap) {
  return fmt::format(
      "{{\"from_ns\":{},\"to_ns\":{},\"lost_rows\":{},\"lost_frames\":{},\"lost_events\":{}}}\n",
      gap.from_ns, gap.to_ns, gap.lost.rows, gap.lost.frames, gap.lost.events);
}

// Whoever starts us may be a thread that nothing must hold up, and the one that hears of signals.
void be_ordinary_thread() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  const sched_param ordinary{};
  pthread_setschedparam(pthread_self(), SCHED_OTHER, &ordinary);
}

}  // namespace

/// What both threads know: the queue between them, and the files that only the writer's touches.
class Recording::Writer {
 public:
  Writer(const std::vector<const Signal*>& signals, const RecordOptions& options)
      : queue(options.choice.queue_bytes),
        disk_(options.choice.disk ? options.choice.disk : host_disk()),
        folder_(*options.folder),
        notice_(options.notice),
        events_(*disk_, folder_ / "events.jsonl"),
        signals_(make_signal_sink(*disk_, signals, options)) {
    queue.set_live(options.is_live);
  }

  void run() {
    be_ordinary_thread();
    try {
      RecordBatch batch;
      batch.reserve(queue.capacity());
      while (queue.take(batch)) queue.note_written(write(batch));
      signals_->finish();
      queue.end(nullptr);
    } catch (const std::exception& error) {
      stopped_ = error.what();
      if (queue.end(std::current_exception())) tell("recording stopped: " + stopped_);
    }
  }

  /// Only once the thread has ended.
  const std::string& stopped() const { return stopped_; }

  RecordQueue queue;
  std::vector<std::byte> scratch;  ///< of the simulation's thread

 private:
  RecordCounts write(const RecordBatch& batch) {
    RecordCounts counts;
    std::span<const std::byte> rest = batch;
    while (const std::optional<RecordItem> item = next_item(rest)) {
      write(*item);
      counts.add(item->kind);
      queue.note_progress();
    }
    signals_->flush();
    events_.flush();
    for (std::optional<LineSink>* file : {&can_, &serial_, &losses_})
      if (*file) (*file)->flush();
    return counts;
  }

  void write(const RecordItem& item) {
    switch (item.kind) {
      case ItemKind::row:
        return write_row(item);
      case ItemKind::can_frame:
        return write_line(can_, "can1.log",
                          can_emulator::candump_line(
                              item.t_ns, "can1", read_as<can_emulator::CanFrame>(item.payload)));
      case ItemKind::serial_burst:
        return write_line(serial_, "rs485_1.log", burst_line(item.t_ns, item.payload));
      case ItemKind::event:
        return events_.add(text_of(item.payload));
      case ItemKind::file:
        return write_file(text_of(item.payload));
      case ItemKind::gap:
        return write_gap(read_as<RecordGap>(item.payload));
    }
  }

  void write_row(const RecordItem& item) {
    row_.resize(item.payload.size() / sizeof(double));
    std::memcpy(row_.data(), item.payload.data(), item.payload.size());
    signals_->add_row(item.t_ns, row_);
  }

  // Such a file comes into being with its first line.
  void write_line(std::optional<LineSink>& file, std::string_view name, std::string_view line) {
    if (!file) file.emplace(*disk_, folder_ / name);
    file->add(line);
  }

  void write_file(std::string_view name_and_text) {
    const std::size_t end = name_and_text.find('\0');
    const auto file = disk_->create(folder_ / name_and_text.substr(0, end));
    file->append(name_and_text.substr(end + 1));
  }

  void write_gap(const RecordGap& gap) {
    write_line(losses_, "losses.jsonl", gap_line(gap));
    tell(
        fmt::format("recording: the disk was too slow from {:.3f} s to {:.3f} s: {} rows, {} "
                    "frames and {} events are lost",
                    to_seconds(gap.from_ns), to_seconds(gap.to_ns), gap.lost.rows, gap.lost.frames,
                    gap.lost.events));
  }

  void tell(const std::string& line) const {
    if (notice_) notice_(line);
  }

  std::shared_ptr<Disk> disk_;
  fs::path folder_;
  std::function<void(std::string_view)> notice_;
  LineSink events_;
  std::unique_ptr<SignalSink> signals_;
  std::optional<LineSink> can_;
  std::optional<LineSink> serial_;
  std::optional<LineSink> losses_;
  std::vector<double> row_;
  std::string stopped_;
};

Recording::Recording(const std::vector<const Signal*>& signals, const RecordOptions& options)
    : format_(options.choice.format), patience_(options.choice.patience) {
  prepare_folder(*options.folder);
  writer_ = std::make_shared<Writer>(signals, options);
  thread_ = std::thread([writer = writer_] { writer->run(); });
}

Recording::~Recording() {
  close();
}

void Recording::set_live(bool is_live) {
  writer_->queue.set_live(is_live);
}

void Recording::add_row(Time t_ns, std::span<const double> values) {
  writer_->queue.put(ItemKind::row, t_ns, std::as_bytes(values));
}

void Recording::add_frame(Time t_ns, const can_emulator::CanFrame& frame) {
  writer_->queue.put(ItemKind::can_frame, t_ns, std::as_bytes(std::span(&frame, 1)));
}

void Recording::add_burst(Time t_ns, Direction direction, can_emulator::BytesView bytes) {
  std::vector<std::byte>& payload = writer_->scratch;
  const auto data = std::as_bytes(std::span(bytes.data(), bytes.size()));
  payload.assign(1, static_cast<std::byte>(direction));
  payload.insert(payload.end(), data.begin(), data.end());
  writer_->queue.put(ItemKind::serial_burst, t_ns, payload);
}

void Recording::add_event(Time t_ns, std::string_view line) {
  writer_->queue.put(ItemKind::event, t_ns, payload_of(line));
}

void Recording::add_file(std::string_view name, std::string_view text) {
  std::string both(name);
  both += '\0';
  both += text;
  writer_->queue.put(ItemKind::file, 0, payload_of(both));
}

void Recording::flush() {
  writer_->queue.flush();
}

bool Recording::close() {
  if (!thread_.joinable()) return has_answered_;
  has_answered_ = writer_->queue.close(patience_);
  if (has_answered_) {
    thread_.join();
  } else {
    thread_.detach();  // it hangs in the kernel; what it needs is its own
  }
  return has_answered_;
}

void Recording::check() const {
  writer_->queue.check();
}

RecordingReport Recording::report() const {
  const RecordCounts lost = writer_->queue.lost();
  RecordingReport report{format_, lost.rows, lost.frames, lost.events, ""};
  if (thread_.joinable()) return report;
  if (!has_answered_) report.stopped = "the disk does not answer";
  if (has_answered_) report.stopped = writer_->stopped();
  return report;
}

std::string_view name_of(RecordFormat format) {
  return format == RecordFormat::mdf4 ? "mdf4" : "csv";
}

RecordFormat parse_record_format(std::string_view text) {
  for (const RecordFormat format : {RecordFormat::csv, RecordFormat::mdf4})
    if (text == name_of(format)) return format;
  throw std::invalid_argument(fmt::format("found \"{}\", expected csv or mdf4", text));
}

std::string describe(const RecordingReport& report) {
  std::string text;
  if (!report.stopped.empty()) text = "stopped: " + report.stopped;
  if (!report.is_complete()) {
    text += text.empty() ? "" : "; ";
    text += fmt::format("{} rows of signals, {} frames and {} events are missing", report.lost_rows,
                        report.lost_frames, report.lost_events);
  }
  return text.empty() ? text : "recording " + text;
}

}  // namespace doppelpack::sim
