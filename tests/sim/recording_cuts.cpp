// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// For tests/python/test_recording.py: signals.mf4 as it would be if the process were killed after each of
// its writes, and in the middle of each. recording_cuts FOLDER writes 000-2.mf4, 001-2.mf4, ...: a number,
// and how many rows were to be safe by then.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/recorder.hpp"
#include "small_bench.hpp"

namespace doppelpack::sim {
namespace {

struct Cuts {
  std::filesystem::path folder;
  std::string content;
  int written = 0;
  int safe_rows = 0;

  void keep() {
    char name[32];
    std::snprintf(name, sizeof name, "%03d-%d.mf4", written++, safe_rows);
    std::ofstream(folder / name, std::ios::binary) << content;
  }
  void put(std::size_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
    content.replace(offset, bytes.size(), bytes);
  }
};

// A number of 8 bytes is written at once; a longer text may be cut anywhere.
class CutFile : public DiskFile {
 public:
  explicit CutFile(Cuts& cuts) : cuts_(cuts) {}

  void append(std::string_view bytes) override { overwrite(cuts_.content.size(), bytes); }
  void overwrite(std::uint64_t offset, std::string_view bytes) override {
    const bool is_header = cuts_.content.empty();
    const std::size_t half = bytes.size() / 2;
    if (bytes.size() > 8 && !is_header) {
      const std::string before = cuts_.content;
      cuts_.put(offset, bytes.substr(0, half));
      cuts_.keep();
      cuts_.content = before;
    }
    cuts_.put(offset, bytes);
    cuts_.keep();
  }
  void cut(std::uint64_t length) override {
    cuts_.content.resize(length);
    cuts_.keep();
  }

 private:
  Cuts& cuts_;
};

/// For whoever writes what else there is.
class NoFile : public DiskFile {
 public:
  void append(std::string_view /*bytes*/) override {}
  void overwrite(std::uint64_t /*offset*/, std::string_view /*bytes*/) override {}
  void cut(std::uint64_t /*length*/) override {}
};

class CutDisk : public Disk {
 public:
  explicit CutDisk(Cuts& cuts) : cuts_(cuts) {}
  std::unique_ptr<DiskFile> create(const std::filesystem::path& file) override {
    if (file.filename() != "signals.mf4") return std::make_unique<NoFile>();
    return std::make_unique<CutFile>(cuts_);
  }

 private:
  Cuts& cuts_;
};

// Segments of 100 rows: filled in one go, in parts, and the last one not at all.
void record(Cuts& cuts) {
  constexpr std::size_t kRow_bytes = 8 + 4 + 1;
  const SignalCatalogue catalogue(small_product());
  RecordOptions options;
  options.folder = cuts.folder;
  options.choice.format = RecordFormat::mdf4;
  options.choice.disk = std::make_shared<CutDisk>(cuts);
  options.choice.queue_bytes = 8 * 100 * kRow_bytes;
  const RecordPlan plan{kMillisecond, {{"pack1/cell01/voltage_V", {}}, {"bms1/state", {}}}};
  Recorder recorder(plan, catalogue, options);
  BenchState state = small_state();
  int rows = 0;
  for (const int until : {3, 40, 130, 131, 200, 350, 351, 420}) {
    for (; rows < until; ++rows) {
      state.units[0].pack.cell_V[0] = 3.0 + rows * 1e-3;
      state.units[0].bms_outputs.report.state = static_cast<bms_state_t>(rows % 3);
      recorder.sample(rows * kMillisecond, state);
    }
    recorder.flush();
    cuts.safe_rows = rows;
  }
  recorder.close();
}

}  // namespace
}  // namespace doppelpack::sim

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  doppelpack::sim::Cuts cuts{argv[1], {}};
  doppelpack::sim::record(cuts);
  return 0;
}
