// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A child process that is asked and answers, one byte each way; what the bytes mean is the caller's.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>

namespace doppelpack::sim {

/// Anonymous memory that is the same for this process and the children it forks afterwards. Pages
/// come into being when touched.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

class ChildProcess {
 public:
  enum class Answer { given, late, gone };

  /// Forks. The child has no file descriptors but the standard ones, ignores what stops this process
  /// (it stops with it), calls body(socket) and ends.
  ChildProcess(double patience_s, const std::function<void(int socket)>& body);
  /// Lets it end by itself when it waits for a question, else kills it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Answer ask(char question);
  Answer wait_for_answer();

  /// After an answer that was not given: kills what is left and says how it ended:
  /// "ended by signal 11 (Segmentation fault)", "ended with exit code 3".
  std::string end();

 private:
  int reap();

  pid_t pid_ = -1;
  int socket_ = -1;
  bool is_answering_ = true;
  double patience_s_;
};

/// The child's side. The next question; 0: there is nobody left to ask.
char next_question(int socket);
void answer(int socket);

}  // namespace doppelpack::sim
