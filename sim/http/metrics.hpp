// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a Prometheus server reads.
#pragma once

#include <string>

#include "http/site.hpp"

namespace doppelpack::http {

/// In the text format 0.0.4.
std::string metrics_text(const Site& site);

}  // namespace doppelpack::http
