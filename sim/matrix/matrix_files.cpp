// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "matrix/matrix_files.hpp"

#include "record/report_writer.hpp"

namespace doppelpack::sim {

void write_matrix(const ReportFiles& files, const MatrixReport& report) {
  write_report(files, "matrix",
               {[&] { return matrix_json(report); }, [&] { return matrix_html(report); },
                [&] { return matrix_junit(report); }, [&] { return matrix_markdown(report); }});
}

}  // namespace doppelpack::sim
