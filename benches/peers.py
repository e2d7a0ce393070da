#!/usr/bin/env python3
"""Times other detectors on the same signals: peers.py FOLDER RATE .. prints lines as the native program does.

CPU time of one thread where the detector keeps to one; the best of three passes. What is not installed says SKIPPED.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/eval/peers"))
from detectors import DETECTORS  # noqa: E402

ROUNDS = 3
WANTED = ["sleepecg", "nk-neurokit", "nk-pantompkins1985", "wfdb-gqrs", "wfdb-xqrs"]

warnings.simplefilter("ignore")
folder, rates = Path(sys.argv[1]), [int(rate) for rate in sys.argv[2:]]
for name in WANTED:
    try:
        found = DETECTORS[name][1]()
    except ImportError as why:
        print(f"SKIPPED {name}: {why}")
        continue
    for rate in rates:
        mv = np.fromfile(folder / f"{rate}.f32", "<f4").astype(float) / 1000
        best = float("inf")
        for _ in range(ROUNDS):
            started = time.process_time()
            try:
                found(mv, rate)
            except Exception as why:
                print(f"SKIPPED {name} at {rate} Hz: {why!r}")
                break
            best = min(best, (time.process_time() - started) * 1e9 / len(mv))
        else:
            print(f"{rate} {name} {best:.3f}", flush=True)
