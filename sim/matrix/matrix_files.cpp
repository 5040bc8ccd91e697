// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "matrix/matrix_files.hpp"

#include "record/line_file.hpp"

namespace doppelpack::sim {

namespace {

void write_pages(const std::filesystem::path& folder, const MatrixReport& report) {
  create_folder(folder);
  replace_file(folder / "matrix.json", matrix_json(report));
  replace_file(folder / "matrix.html", matrix_html(report));
}

}  // namespace

// The folder first: the other files may lie in it.
void write_matrix(const MatrixFiles& files, const MatrixReport& report) {
  if (!files.folder.empty()) write_pages(files.folder, report);
  if (!files.junit.empty()) replace_file(files.junit, matrix_junit(report));
  if (!files.markdown.empty()) replace_file(files.markdown, matrix_markdown(report));
}

}  // namespace doppelpack::sim
