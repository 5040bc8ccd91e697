#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""What a thousand forks of a charged pack cost, over charging it once; in CPU time of one process.

PYTHONPATH=build/release/python python3 benchmarks/forks.py
"""

import json
import time

from doppelpack import Bench
from doppelpack.units import hours, kW, s

FORKS = 1000


def main():
    start_s = time.process_time()
    charged = Bench("generic-16s", initial_soc=0.1)
    charged.charge(2.5 * kW)
    charged.run_until(charged.bms.soc > 0.99, timeout=10 * hours)
    charge_s = time.process_time() - start_s

    start_s = time.process_time()
    for _ in range(FORKS):
        fork = charged.fork()
        fork.run_for(0.01 * s)  # ten passes of the firmware: it is alive
        fork.close()
    forks_s = time.process_time() - start_s
    result = {"charge_s": charge_s, "forks_s": forks_s, "forks_over_charge": forks_s / charge_s}
    print(json.dumps({key: round(value, 3) for key, value in result.items()}, indent=2))


if __name__ == "__main__":
    main()
