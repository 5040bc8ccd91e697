// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "harness/forked_jobs.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

// The first byte that a job's process writes.
constexpr char kDone = '+';
constexpr char kBadInput = '!';
constexpr char kBroken = '?';

void write_all(int pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(pipe, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(EXIT_FAILURE);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

[[noreturn]] void be_worker(int pipe, const std::function<std::string()>& job) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::string text;
  try {
    text = kDone + job();
  } catch (const DataError& error) {
    text = kBadInput + std::string(error.what());
  } catch (const std::exception& error) {
    text = kBroken + std::string(error.what());
  }
  write_all(pipe, text);
  std::fflush(nullptr);
  _exit(EXIT_SUCCESS);
}

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A process and what it has written so far. Killed when it is not waited for.
class RunningJob {
 public:
  RunningJob(std::size_t index, const std::function<std::string(std::size_t)>& job)
      : index_(index) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw_errno("cannot talk to a worker");
    std::fflush(nullptr);  // else the worker would have a copy of what is still to be written
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      be_worker(ends[1], [&] { return job(index); });
    }
    close(ends[1]);
    pipe_ = ends[0];
    if (pid_ < 0) throw_errno("cannot start a worker");
  }
  ~RunningJob() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
    if (pipe_ >= 0) close(pipe_);
  }
  RunningJob(RunningJob&& other) noexcept
      : index_(other.index_),
        pid_(std::exchange(other.pid_, -1)),
        pipe_(std::exchange(other.pipe_, -1)),
        text_(std::move(other.text_)) {}
  RunningJob& operator=(RunningJob&& other) noexcept {
    std::swap(index_, other.index_);
    std::swap(pid_, other.pid_);
    std::swap(pipe_, other.pipe_);
    std::swap(text_, other.text_);
    return *this;
  }
  RunningJob(const RunningJob&) = delete;
  RunningJob& operator=(const RunningJob&) = delete;

  std::size_t index() const { return index_; }
  int pipe_end() const { return pipe_; }

  /// False once there is nothing more to come.
  bool read_some() {
    std::array<char, 65536> block{};
    const ssize_t count = read(pipe_, block.data(), block.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    text_.append(block.data(), static_cast<std::size_t>(count));
    return true;
  }

  JobOutcome finish() {
    const int status = wait();
    const char kind = text_.empty() ? '\0' : text_.front();
    const bool has_ended_well = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
    if (has_ended_well && kind == kBadInput) throw DataError({}, text_.substr(1));
    if (has_ended_well && kind == kBroken) return {"", text_.substr(1)};
    if (has_ended_well && kind == kDone) return {text_.substr(1), ""};
    if (WIFSIGNALED(status))
      return {"", fmt::format("its process ended by signal {} ({})", WTERMSIG(status),
                              strsignal(WTERMSIG(status)))};
    return {"", fmt::format("its process ended with exit code {}", WEXITSTATUS(status))};
  }

 private:
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return status;
  }

  std::size_t index_;
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string text_;
};

// Waits until one of them has ended, and returns which.
std::size_t wait_for_one(std::vector<RunningJob>& running) {
  while (true) {
    std::vector<pollfd> ends;
    ends.reserve(running.size());
    for (const RunningJob& job : running) ends.push_back({job.pipe_end(), POLLIN, 0});
    if (poll(ends.data(), ends.size(), -1) < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot wait for a worker");
    }
    for (std::size_t i = 0; i < running.size(); ++i)
      if (ends[i].revents != 0 && !running[i].read_some()) return i;
  }
}

}  // namespace

std::vector<JobOutcome> run_forked(const std::vector<std::size_t>& order, int workers,
                                   const std::function<std::string(std::size_t)>& job,
                                   const std::function<void(std::size_t done)>& note) {
  std::vector<JobOutcome> outcomes(order.size());
  std::vector<RunningJob> running;
  std::size_t next = 0;
  std::size_t done = 0;
  while (done < order.size()) {
    while (next < order.size() && running.size() < static_cast<std::size_t>(workers))
      running.emplace_back(order[next++], job);
    const std::size_t ended = wait_for_one(running);
    outcomes[running[ended].index()] = running[ended].finish();
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(ended));
    note(++done);
  }
  return outcomes;
}

}  // namespace doppelpack::sim
