// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Lines on their way to a file, in blocks: after a flush it is complete up to its last line.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "sim/disk.hpp"

namespace doppelpack::sim {

class LineSink {
 public:
  /// Creates the file. Everything throws DataError.
  LineSink(Disk& disk, const std::filesystem::path& file) : file_(disk.create(file)) {}

  /// Ends in a newline.
  void add(std::string_view line) {
    text_ += line;
    if (text_.size() >= kBlock) flush();
  }
  void flush() {
    if (text_.empty()) return;
    file_->append(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kBlock = 256 * 1024;

  std::unique_ptr<DiskFile> file_;
  std::string text_;
};

}  // namespace doppelpack::sim
