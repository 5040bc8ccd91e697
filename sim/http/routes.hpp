// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What each path does. openapi.yaml describes the same; tests hold one against the other.
#pragma once

#include "http/exchange.hpp"
#include "http/site.hpp"

namespace doppelpack::http {

/// Never throws for anything a request contains.
Response answer(Site& site, const Request& request);

}  // namespace doppelpack::http
