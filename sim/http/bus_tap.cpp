// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/bus_tap.hpp"

#include <algorithm>
#include <tuple>

namespace doppelpack::http {

namespace {

auto key_of(const CanRow& row) {
  return std::make_tuple(row.frame.is_extended, row.frame.id, row.is_from_pack);
}

}  // namespace

void BusTap::hear(sim::Time t_ns, const can_emulator::CanFrame& frame, bool is_from_pack) {
  has_changed_ = true;
  const CanRow heard{is_from_pack, frame, t_ns, 0, 1};
  const auto found =
      std::lower_bound(now_.can.begin(), now_.can.end(), heard,
                       [](const CanRow& a, const CanRow& b) { return key_of(a) < key_of(b); });
  if (found != now_.can.end() && key_of(*found) == key_of(heard)) {
    *found = {is_from_pack, frame, t_ns, t_ns - found->t_ns, found->count + 1};
  } else if (now_.can.size() < kMostRows) {
    now_.can.insert(found, heard);
  } else {
    ++now_.unlisted;
  }
}

void BusTap::hear(sim::Time t_ns, sim::Direction direction, can_emulator::BytesView bytes) {
  has_changed_ = true;
  const std::uint64_t number = now_.serial.empty() ? 1 : now_.serial.back().number + 1;
  now_.serial.push_back(
      {number, t_ns, direction, can_emulator::Bytes(bytes.substr(0, kLongestBurst)), bytes.size()});
  if (now_.serial.size() > kMostBursts) now_.serial.pop_front();
}

std::shared_ptr<const BusTraffic> BusTap::traffic() {
  if (has_changed_) published_ = std::make_shared<BusTraffic>(now_);
  has_changed_ = false;
  return published_;
}

}  // namespace doppelpack::http
