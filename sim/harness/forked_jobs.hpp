// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Work in processes of its own, several at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace doppelpack::sim {

struct JobOutcome {
  std::string text;     ///< what the job returned
  std::string failure;  ///< how its process ended otherwise; empty: it did not
};

/// Calls job(i) for every i in `order`, each in a process forked for it, at most `workers` at a time.
/// The outcomes are by i. What is thrown as a DataError there is thrown here, with the same text, after
/// what runs has been stopped. `note` is told how many are done. There must not be another thread.
std::vector<JobOutcome> run_forked(const std::vector<std::size_t>& order, int workers,
                                   const std::function<std::string(std::size_t)>& job,
                                   const std::function<void(std::size_t done)>& note);

}  // namespace doppelpack::sim
