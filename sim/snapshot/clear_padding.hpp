// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include "bms/config.h"

namespace doppelpack::sim {

/// Sets what lies between the fields to zero. A core guards its configuration by a checksum over all
/// bytes: so the same configuration is the same bytes, in every process.
void clear_padding(bms_config_t& config);

}  // namespace doppelpack::sim
