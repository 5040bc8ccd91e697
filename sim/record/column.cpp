// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/recorder.hpp"

namespace doppelpack::sim {

void Column::append(double value) {
  constexpr std::size_t kFirstCapacity = 1024;
  if (size_ == capacity_) {
    const std::size_t capacity = std::max(kFirstCapacity, 2 * capacity_);
    std::shared_ptr<double[]> block(new double[capacity]);
    std::copy_n(block_.get(), size_, block.get());
    block_ = std::move(block);
    capacity_ = capacity;
  }
  block_[static_cast<std::ptrdiff_t>(size_)] = value;
  ++size_;
}

}  // namespace doppelpack::sim
