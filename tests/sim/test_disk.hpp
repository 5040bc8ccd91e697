// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A disk in memory that can be stopped, and one that fills up.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "sim/data_error.hpp"
#include "sim/disk.hpp"

namespace doppelpack::sim::test {

class TestDisk : public Disk, public std::enable_shared_from_this<TestDisk> {
 public:
  std::unique_ptr<DiskFile> create(const std::filesystem::path& file) override {
    return std::make_unique<File>(shared_from_this(), file.filename().string());
  }

  /// From now on every write waits, until release().
  void stop() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = false;
    changed_.notify_all();
  }
  /// Until somebody wants to write.
  void wait_for_a_writer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }
  /// Until nobody has a file any more.
  void wait_until_left() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ == 0; });
  }
  /// Fails every write from now on.
  void fill_up() {
    const std::lock_guard lock(mutex_);
    is_full_ = true;
  }

  std::string content(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(name);
    return found == files_.end() ? "" : found->second;
  }
  bool has(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return files_.contains(name);
  }

 private:
  class File : public DiskFile {
   public:
    File(std::shared_ptr<TestDisk> disk, std::string name)
        : disk_(std::move(disk)), name_(std::move(name)) {
      const std::lock_guard lock(disk_->mutex_);
      ++disk_->open_;
      disk_->files_[name_].clear();
    }
    ~File() override {
      const std::lock_guard lock(disk_->mutex_);
      --disk_->open_;
      disk_->changed_.notify_all();
    }
    void append(std::string_view bytes) override {
      const auto lock = disk_->ready(name_);
      disk_->files_[name_] += bytes;
    }
    void overwrite(std::uint64_t offset, std::string_view bytes) override {
      const auto lock = disk_->ready(name_);
      std::string& content = disk_->files_[name_];
      content.resize(std::max<std::size_t>(content.size(), offset + bytes.size()));
      content.replace(offset, bytes.size(), bytes);
    }
    void cut(std::uint64_t length) override {
      const auto lock = disk_->ready(name_);
      disk_->files_[name_].resize(length);
    }

   private:
    std::shared_ptr<TestDisk> disk_;
    std::string name_;
  };

  std::unique_lock<std::mutex> ready(const std::string& name) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !is_stopped_; });
    --waiting_;
    if (is_full_) throw DataError({name, 0, ""}, "cannot be written: the disk is full");
    return lock;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::string> files_;
  bool is_stopped_ = false;
  bool is_full_ = false;
  int waiting_ = 0;
  int open_ = 0;
};

}  // namespace doppelpack::sim::test
