#!/usr/bin/env python3
"""Runs the other detectors over the signals that `eval peers` wrote, one after the other.

  detect.py FOLDER [NAME ..]

FOLDER/signals/<set>/<record>.f32   microvolts, 32 bit little endian, 360 a second
FOLDER/found/<name>/<set>/<record>.csv   sample indices, one a line; not done again while newer than the signal

A detector that raises an exception on a signal has found nothing there, and the exception is printed.
"""

import importlib.metadata
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from detectors import DETECTORS

RATE_HZ = 360


def main():
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    warnings.simplefilter("ignore")
    signals = sorted((folder / "signals").glob("*/*.f32"))
    for name, (package, make) in DETECTORS.items():
        if names and name not in names:
            continue
        try:
            found = make()
        except ImportError as why:
            print(f"SKIPPED {name}: {why}", flush=True)
            continue
        started, samples = time.process_time(), 0
        for signal in signals:
            out = folder / "found" / name / signal.parent.name / f"{signal.stem}.csv"
            if out.exists() and out.stat().st_mtime >= signal.stat().st_mtime:
                continue
            mv = np.fromfile(signal, "<f4").astype(float) / 1000
            try:
                places = sorted({int(p) for p in np.asarray(found(mv, RATE_HZ)).ravel()})
            except Exception as why:  # whatever it is, there are no beats
                print(f"{name} on {signal.parent.name}/{signal.stem}: {why!r}", flush=True)
                places = []
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text("".join(f"{p}\n" for p in places))
            samples += len(mv)
        took, version = time.process_time() - started, importlib.metadata.version(package)
        print(f"{name} ({package} {version}): {samples} samples in {took:.1f} s", flush=True)


if __name__ == "__main__":
    main()
