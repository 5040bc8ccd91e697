// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/audit.hpp"

#include <cmath>

namespace doppelpack::models {

const char* name_of(Invariant invariant) {
  switch (invariant) {
    case Invariant::charge:
      return "charge";
    case Invariant::energy:
      return "energy";
    case Invariant::heat:
      return "heat";
    case Invariant::voltage_law:
      return "voltage_law";
    case Invariant::current_law:
      return "current_law";
    case Invariant::soc:
      return "soc";
    case Invariant::temperature:
      return "temperature";
    case Invariant::count:
      break;
  }
  return "none";
}

void check(Invariant invariant, int node, double residual, double limit, AuditState& state) {
  const double size = std::abs(residual);
  const auto index = static_cast<int>(invariant);
  if (size > state.worst[index]) state.worst[index] = size;
  const double share = size / limit;
  if (share > state.share[index]) state.share[index] = share;
  if (share <= 1.0 || state.has_failed()) return;  // not a number is not <= 1
  state.first = {invariant, node, size, limit};
}

}  // namespace doppelpack::models
