// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string>

#include "record/line_sink.hpp"
#include "record/signal_sink.hpp"

namespace doppelpack::sim {

namespace {

void append_number(std::string& row, double value) {
  row += ',';
  if (std::isnan(value)) {
    row += "nan";  // without the sign that some platforms print
  } else {
    fmt::format_to(std::back_inserter(row), "{:.9g}", value);
  }
}

class CsvSink : public SignalSink {
 public:
  CsvSink(Disk& disk, const std::filesystem::path& folder,
          const std::vector<const Signal*>& signals)
      : lines_(disk, folder / "signals.csv") {
    std::string header = "t_s";
    for (const Signal* signal : signals) header += "," + signal->name;
    lines_.add(header + "\n");
    lines_.flush();
  }

  void add_row(Time t_ns, std::span<const double> values) override {
    row_.clear();
    fmt::format_to(std::back_inserter(row_), "{:.12g}", to_seconds(t_ns));
    for (const double value : values) append_number(row_, value);
    row_ += '\n';
    lines_.add(row_);
  }
  void flush() override { lines_.flush(); }
  void finish() override { lines_.flush(); }

 private:
  LineSink lines_;
  std::string row_;
};

}  // namespace

std::unique_ptr<SignalSink> make_csv_sink(Disk& disk, const std::filesystem::path& folder,
                                          const std::vector<const Signal*>& signals) {
  return std::make_unique<CsvSink>(disk, folder, signals);
}

}  // namespace doppelpack::sim
