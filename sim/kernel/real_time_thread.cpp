// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "real_time_thread.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace doppelpack::sim {

namespace {

std::string last_error() {
  return std::generic_category().message(errno);
}

rlim_t limit_of(__rlimit_resource resource) {
  rlimit limit{};
  return getrlimit(resource, &limit) == 0 ? limit.rlim_cur : 0;
}

bool may_lock_any_memory() {
  if (limit_of(RLIMIT_MEMLOCK) == RLIM_INFINITY) return true;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (syscall(SYS_capget, &header, sets.data()) != 0) return false;
  return (sets[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

}  // namespace

RealTimeThread::RealTimeThread(const RealTimeOptions& options)
    : owner_(std::this_thread::get_id()) {
  wake_sharply();
  if (options.spin.count() > 0)
    words_.push_back(fmt::format("spin {:g} us",
                                 std::chrono::duration<double, std::micro>(options.spin).count()));
  if (options.cpu) pin_to(*options.cpu);
  if (options.locks_memory) lock_memory();
  if (options.fifo_priority > 0) become_fifo(options.fifo_priority);
}

RealTimeThread::~RealTimeThread() {
  if (has_locked_memory_) munlockall();
  if (owner_ != std::this_thread::get_id()) return;
  // Only the privileged may take SCHED_RESET_ON_FORK back; without they keep it, and it does nothing.
  if (policy_ && sched_setscheduler(0, policy_->policy, &policy_->parameters) != 0)
    sched_setscheduler(0, policy_->policy | SCHED_RESET_ON_FORK, &policy_->parameters);
  if (cpus_) sched_setaffinity(0, sizeof *cpus_, &*cpus_);
  if (timer_slack_ns_ >= 0) prctl(PR_SET_TIMERSLACK, timer_slack_ns_, 0, 0, 0);
}

void RealTimeThread::refuse(std::string word) {
  words_.push_back(word);
  refusals_.push_back(std::move(word));
}

// By default the kernel may let an ordinary thread oversleep by 50 us to save wake-ups.
void RealTimeThread::wake_sharply() {
  const int before_ns = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
  if (before_ns > 0 && prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0) == 0) timer_slack_ns_ = before_ns;
}

void RealTimeThread::pin_to(int cpu) {
  cpu_set_t before;
  cpu_set_t wanted;
  CPU_ZERO(&wanted);
  CPU_SET(static_cast<std::size_t>(cpu), &wanted);
  if (sched_getaffinity(0, sizeof before, &before) != 0 ||
      sched_setaffinity(0, sizeof wanted, &wanted) != 0) {
    refuse(fmt::format("not on CPU {}: {}", cpu, last_error()));
    return;
  }
  cpus_ = before;
  words_.push_back(fmt::format("CPU {}", cpu));
}

void RealTimeThread::become_fifo(int priority) {
  Policy before;
  before.policy = sched_getscheduler(0);
  sched_getparam(0, &before.parameters);
  const sched_param wanted{.sched_priority = priority};
  if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &wanted) != 0) {
    refuse(fmt::format("not SCHED_FIFO {}: {}, the limit rtprio is {}", priority, last_error(),
                       limit_of(RLIMIT_RTPRIO)));
    return;
  }
  policy_ = before;
  words_.push_back(fmt::format("SCHED_FIFO {}", priority));
}

// Where there is a limit, memory that is wanted later and goes beyond it would not be had at all.
void RealTimeThread::lock_memory() {
  if (!may_lock_any_memory()) {
    refuse(fmt::format("memory not locked: the limit memlock is {} KiB",
                       limit_of(RLIMIT_MEMLOCK) / 1024));
    return;
  }
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
    refuse("memory not locked: " + last_error());
    return;
  }
  has_locked_memory_ = true;
  words_.emplace_back("memory locked");
}

}  // namespace doppelpack::sim
