// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/report_writer.hpp"

#include "record/line_file.hpp"

namespace doppelpack::sim {

// The folder first: the other files may lie in it.
void write_report(const ReportFiles& files, const std::string& name, const ReportTexts& texts) {
  if (!files.folder.empty()) {
    create_folder(files.folder);
    replace_file(files.folder / (name + ".json"), texts.json());
    replace_file(files.folder / (name + ".html"), texts.html());
  }
  if (!files.junit.empty()) replace_file(files.junit, texts.junit());
  if (!files.markdown.empty()) replace_file(files.markdown, texts.markdown());
}

}  // namespace doppelpack::sim
