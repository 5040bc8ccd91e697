// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/pack_link.hpp"

#include <algorithm>

namespace doppelpack::sim {

namespace {

bool are_linked(std::span<const PackUnit> units, std::size_t a, std::size_t b) {
  const auto [first, last] = std::minmax(a, b);
  return std::all_of(units.begin() + static_cast<std::ptrdiff_t>(first),
                     units.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const PackUnit& unit) { return !unit.condition.is_link_unplugged; });
}

// The message as it arrives: the drivers of all packs between have passed it on.
bms_link_message_t passed_on(bms_link_message_t message, std::size_t from, std::size_t to) {
  message.hops = static_cast<std::uint8_t>((from < to ? to - from : from - to) - 1);
  return message;
}

constexpr std::size_t kQueue = 2 * BMS_MAX_PACKS;

void queue(const bms_link_message_t& message, PackUnit& receiver) {
  if (receiver.supply.is_alive && receiver.link_queue.size() < kQueue)
    receiver.link_queue.push_back(message);
}

void hand_over(PackUnit& unit) {
  if (!unit.supply.is_alive) unit.link_queue.clear();
  bms_bus_rx_t& bus = unit.bms_inputs.bus;
  const std::size_t count = std::min<std::size_t>(unit.link_queue.size(), BMS_LINK_INBOX);
  std::copy_n(unit.link_queue.begin(), count, bus.link);
  bus.link_count = static_cast<std::uint8_t>(count);
  unit.link_queue.erase(unit.link_queue.begin(),
                        unit.link_queue.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

void exchange_link_messages(std::span<PackUnit> units) {
  for (std::size_t from = 0; from < units.size(); ++from) {
    const PackUnit& sender = units[from];
    if (!sender.supply.is_alive || !sender.bms_outputs.has_link_message) continue;
    for (std::size_t to = 0; to < units.size(); ++to)
      if (to != from && are_linked(units, from, to))
        queue(passed_on(sender.bms_outputs.link, from, to), units[to]);
  }
  for (PackUnit& unit : units) hand_over(unit);
}

}  // namespace doppelpack::sim
