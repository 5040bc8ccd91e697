// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Records go into segments of some megabytes: a list block with one data block. The open segment holds
// them as they are and grows; when it is full, its compressed form takes its place. Every write leaves
// a valid file: what is new is written first, where nobody looks yet, then the link or length that makes
// it part of the file, a number of 8 bytes, and the count of records last.
#include <algorithm>
#include <string>

#include "record/mdf4_blocks.hpp"
#include "record/signal_sink.hpp"

namespace doppelpack::sim {

namespace {

using mdf4::Offset;

/// Of records: more than that do not wait for a flush.
constexpr std::size_t kBlock = 256 * 1024;

class Mdf4Sink : public SignalSink {
 public:
  Mdf4Sink(Disk& disk, const std::filesystem::path& folder,
           const std::vector<const Signal*>& signals, std::string_view title,
           std::size_t segment_bytes)
      : frame_(mdf4::make_frame(signals, title)),
        file_(disk.create(folder / "signals.mf4")),
        link_at_(frame_.first_list_at),
        list_at_(frame_.bytes.size()) {
    for (const Signal* signal : signals) cells_.push_back(mdf4::cell_of(*signal));
    const std::size_t rows = std::max<std::size_t>(segment_bytes / frame_.record_bytes, 1);
    full_bytes_ = rows * frame_.record_bytes;
    records_.reserve(full_bytes_);
    file_->append(frame_.bytes);
    frame_.bytes.clear();
  }

  void add_row(Time t_ns, std::span<const double> values) override {
    std::size_t at = records_.size();
    records_.resize(at + frame_.record_bytes);
    mdf4::write_cell(mdf4::Cell::float64, to_seconds(t_ns), &records_[at]);
    at += mdf4::bytes_of_cell(mdf4::Cell::float64);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      mdf4::write_cell(cells_[i], values[i], &records_[at]);
      at += mdf4::bytes_of_cell(cells_[i]);
    }
    if (records_.size() == full_bytes_) {
      close_segment();
    } else if (records_.size() - written_bytes_ >= kBlock) {
      flush();
    }
  }

  void flush() override {
    if (written_bytes_ == records_.size()) return;
    if (written_bytes_ == 0) {
      open_segment();
    } else {
      const std::string_view fresh = std::string_view(records_).substr(written_bytes_);
      file_->overwrite(data_at() + mdf4::kHeadBytes + written_bytes_, fresh);
      overwrite(data_at() + mdf4::kLengthAt, mdf4::kHeadBytes + records_.size());
    }
    written_bytes_ = records_.size();
    write_count();
  }

  void finish() override {
    if (!records_.empty()) close_segment();
  }

 private:
  Offset data_at() const { return list_at_ + mdf4::kListBytes; }

  void overwrite(Offset at, std::uint64_t number) { file_->overwrite(at, mdf4::bytes_of(number)); }

  void write_count() {
    overwrite(frame_.cycle_count_at, (earlier_bytes_ + records_.size()) / frame_.record_bytes);
  }

  void open_segment() {
    file_->overwrite(list_at_,
                     mdf4::list_block(0, data_at(), earlier_bytes_) + mdf4::data_block(records_));
    overwrite(link_at_, list_at_);
  }

  // Plain records first, however many there are: some readers stumble over a compressed block with more
  // records than are counted.
  void close_segment() {
    flush();
    const std::string zipped = mdf4::zipped_block(records_, frame_.record_bytes);
    const Offset plain_bytes = mdf4::kHeadBytes + records_.size();
    Offset data_bytes = mdf4::aligned(plain_bytes);
    if (mdf4::aligned(zipped.size()) < data_bytes) {
      data_bytes = mdf4::aligned(zipped.size());
      replace_data(zipped + std::string(data_bytes - zipped.size(), '\0'),
                   mdf4::aligned(data_at() + plain_bytes));
    }
    link_at_ = list_at_ + mdf4::kLinksAt;
    list_at_ = data_at() + data_bytes;
    earlier_bytes_ += records_.size();
    records_.clear();
    written_bytes_ = 0;
  }

  // Behind the plain records first, and in their place once the file does without them.
  void replace_data(const std::string& data, Offset aside) {
    file_->overwrite(aside, data);
    overwrite(list_at_ + mdf4::kListDataAt, aside);
    file_->overwrite(data_at(), data);
    overwrite(list_at_ + mdf4::kListDataAt, data_at());
    file_->cut(data_at() + data.size());
  }

  mdf4::Frame frame_;
  std::unique_ptr<DiskFile> file_;
  std::vector<mdf4::Cell> cells_;
  std::size_t full_bytes_ = 0;
  Offset link_at_;                   ///< the link to the open segment's list
  Offset list_at_;                   ///< where the open segment begins, or will
  std::uint64_t earlier_bytes_ = 0;  ///< records in the segments before
  std::string records_;              ///< of the open segment
  std::size_t written_bytes_ = 0;    ///< of these; 0: the segment is not yet in the file
};

}  // namespace

std::unique_ptr<SignalSink> make_mdf4_sink(Disk& disk, const std::filesystem::path& folder,
                                           const std::vector<const Signal*>& signals,
                                           std::string_view title, std::size_t segment_bytes) {
  return std::make_unique<Mdf4Sink>(disk, folder, signals, title, segment_bytes);
}

}  // namespace doppelpack::sim
