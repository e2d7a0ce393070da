"""The other detectors, each with its default parameters: name -> (distribution, maker of a function).

A maker imports what it needs and returns `found(millivolts, rate_hz) -> sample indices`.
"""

import numpy as np


def xqrs():
    from wfdb.processing import xqrs_detect

    return lambda mv, hz: xqrs_detect(mv, hz, verbose=False)


def gqrs():
    from wfdb.processing import gqrs_detect

    # On whole units of the converter, as the original; the stored recordings have 200 a millivolt.
    return lambda mv, hz: gqrs_detect(
        d_sig=np.round(mv * 200).astype(int), fs=hz, adc_gain=200, adc_zero=0
    )


def neurokit(method):
    def make():
        import neurokit2

        def found(mv, hz):
            clean = neurokit2.ecg_clean(mv, sampling_rate=hz, method=method)
            return neurokit2.ecg_findpeaks(clean, sampling_rate=hz, method=method)["ECG_R_Peaks"]

        return found

    return make


def sleepecg():
    from sleepecg import detect_heartbeats

    return detect_heartbeats


def fast_nvg():
    from vg_beat_detectors.fast_nvg import FastNVG

    return lambda mv, hz: FastNVG(sampling_frequency=hz).find_peaks(mv)


def fast_qrs():
    from fast_qrs_detector import qrs_detector

    return qrs_detector


DETECTORS = {
    "wfdb-gqrs": ("wfdb", gqrs),
    "wfdb-xqrs": ("wfdb", xqrs),
    "nk-pantompkins1985": ("neurokit2", neurokit("pantompkins1985")),
    "nk-neurokit": ("neurokit2", neurokit("neurokit")),
    "sleepecg": ("sleepecg", sleepecg),
    "vg-FastNVG": ("vg-beat-detectors", fast_nvg),
    "fastqrs": ("fast-qrs-detector", fast_qrs),
}
