// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/child_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <system_error>

namespace doppelpack::sim {

namespace {

constexpr int kChildSocket = 3;  // the first descriptor after the standard ones

[[noreturn]] void refuse(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void set_patience(int socket, double patience_s) {
  timeval patience{};
  patience.tv_sec = static_cast<time_t>(patience_s);
  patience.tv_usec =
      static_cast<suseconds_t>(std::ceil((patience_s - std::floor(patience_s)) * 1e6));
  if (patience.tv_usec >= 1'000'000) patience = {patience.tv_sec + 1, 0};
  if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    refuse("cannot limit the wait for a core");
}

// The handlers of this process (a debugger's, Python's, a sanitizer's) know nothing of the child.
void reset_signals() {
  for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS})
    std::signal(fault, SIG_DFL);
  for (const int stop : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(stop, SIG_IGN);
}

[[noreturn]] void be_child(pid_t parent, int socket, QuestionLine& line,
                           const std::function<void(ChildSide&)>& body) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);
  reset_signals();
  if (socket != kChildSocket && dup2(socket, kChildSocket) < 0) _exit(EXIT_FAILURE);
  close_range(kChildSocket + 1, ~0U, 0);
  // What this process would do at its end is not the child's to do, also when a core calls exit().
  on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        _exit(status);
      },
      nullptr);
  try {
    ChildSide side(line, kChildSocket);
    body(side);
  } catch (...) {
    _exit(EXIT_FAILURE);
  }
  std::fflush(nullptr);
  _exit(EXIT_SUCCESS);
}

// True once the process has ended.
bool has_ended(pid_t pid, double patience_s) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return true;  // an old kernel cannot tell
  pollfd waiting{handle, POLLIN, 0};
  const int found = poll(&waiting, 1, static_cast<int>(std::ceil(patience_s * 1000.0)));
  close(handle);
  return found == 1;
}

}  // namespace

SharedMemory::SharedMemory(std::size_t bytes) : bytes_(bytes) {
  void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) refuse("cannot share memory with a core");
  data_ = static_cast<std::byte*>(mapped);
}

SharedMemory::~SharedMemory() {
  munmap(data_, bytes_);
}

ChildProcess::ChildProcess(double patience_s, const std::function<void(ChildSide&)>& body)
    : shared_(sizeof(QuestionLine)),
      line_(new(shared_.data()) QuestionLine),
      patience_s_(patience_s) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    refuse("cannot talk to a core");
  socket_ = ends[0];
  std::fflush(nullptr);  // else the child would have a copy of what is still to be written
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) be_child(parent, ends[1], *line_, body);
  const int error = errno;
  close(ends[1]);
  if (pid_ < 0) {
    close(socket_);
    errno = error;
    refuse("cannot start a process for a core");
  }
  set_patience(socket_, patience_s);
  answers_.emplace(line_->answer, socket_);
}

ChildProcess::~ChildProcess() {
  shutdown(socket_, SHUT_WR);
  if (is_answering_) wait_for_answer();  // none comes: it ends, or the patience does
  if (pid_ > 0) reap();
  close(socket_);
}

ChildProcess::Answer ChildProcess::ask(char question) {
  line_->asked = question;
  ring(line_->question, socket_);
  return wait_for_answer();
}

ChildProcess::Answer ChildProcess::wait_for_answer() {
  const BellListener::Heard heard = answers_->wait();
  if (heard == BellListener::Heard::ring) return Answer::given;
  is_answering_ = false;
  return heard == BellListener::Heard::nothing ? Answer::late : Answer::gone;
}

std::string ChildProcess::end() {
  const bool by_itself = has_ended(pid_, patience_s_);
  const int status = reap();
  if (!by_itself) return "stopped answering";
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("ended by signal {} ({})", signal, strsignal(signal));
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

int ChildProcess::reap() {
  int status = 0;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return status;
}

char ChildSide::next_question() {
  return questions_.wait() == BellListener::Heard::ring ? line_->asked : '\0';
}

void ChildSide::answer() {
  ring(line_->answer, socket_);
}

}  // namespace doppelpack::sim
