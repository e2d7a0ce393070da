"""Makes hrv_packages.v1.json again: what other packages say of RR series that a formula makes.

    python3.12 -m venv venv && venv/bin/pip install -r hrv_packages.txt && venv/bin/python hrv_packages.py

tests/hrv_packages.rs makes the same series and compares. Versions are in hrv_packages.txt and in the file itself.
"""

import json
import math
import pathlib
import warnings
from importlib.metadata import version

import hrvanalysis
import neurokit2
import numpy
import pyhrv.frequency_domain
import pyhrv.nonlinear
import pyhrv.time_domain
import scipy.signal
import systole.detection
import systole.hrv
from neurokit2.signal.signal_fixpeaks import _find_artifacts

warnings.simplefilter("ignore")
if not hasattr(numpy, "trapz"):  # systole 0.3.1 and neurokit2 0.2.12 call it by its old name
    numpy.trapz = numpy.trapezoid


def series(count, base_ms, whole_ms, seed):
    """Breathing, a slow wave and chance; whole milliseconds as straps send them, or not."""
    state, time_s, rr = seed, 0.0, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        ms = base_ms + 28 * math.sin(math.tau * 0.09 * time_s) + 22 * math.sin(math.tau * 0.24 * time_s)
        ms += 60 * (state / 2**32 - 0.5)
        ms = math.floor(ms + 0.5) if whole_ms else ms
        rr.append(float(ms))
        time_s += ms / 1000
    return rr


def of_hrv_analysis(rr):
    time = hrvanalysis.get_time_domain_features(rr)
    power = hrvanalysis.get_frequency_domain_features(rr)
    plot = hrvanalysis.get_poincare_plot_features(rr)
    return {
        "sdnnMs": time["sdnn"], "sdsdMs": time["sdsd"], "rmssdMs": time["rmssd"], "pnn50Percent": time["pnni_50"],
        "sd1Ms": plot["sd1"], "sd2Ms": plot["sd2"],
        "triangularIndex": hrvanalysis.get_geometrical_features(rr)["triangular_index"],
        "sampleEntropy": hrvanalysis.get_sampen(rr)["sampen"],
        "lfMs2": power["lf"], "hfMs2": power["hf"], "lfHf": power["lf_hf_ratio"],
    }


def of_pyhrv(rr):
    rr = numpy.array(rr)
    time = pyhrv.time_domain
    power, _, _ = pyhrv.frequency_domain.welch_psd(nni=rr, mode="dev")
    plot = pyhrv.nonlinear.poincare(rr, show=False, mode="dev")
    return {
        "sdnnMs": time.sdnn(rr)["sdnn"], "sdsdMs": time.sdsd(rr)["sdsd"], "rmssdMs": time.rmssd(rr)["rmssd"],
        "pnn50Percent": time.nn50(rr)["pnn50"], "sd1Ms": plot["sd1"], "sd2Ms": plot["sd2"],
        "triangularIndex": time.triangular_index(rr, plot=False)["tri_index"],
        "sampleEntropy": pyhrv.nonlinear.sample_entropy(rr)["sampen"],
        "dfaAlpha1": pyhrv.nonlinear.dfa(rr, mode="dev")["dfa_alpha1"],
        "lfMs2": power["fft_abs"][1], "hfMs2": power["fft_abs"][2], "lfHf": power["fft_ratio"],
    }


def of_systole(rr):
    def values(table):
        return dict(zip(table.Metric, table.Values))
    time, power = values(systole.hrv.time_domain(rr)), values(systole.hrv.frequency_domain(rr))
    sd1, sd2 = systole.hrv.poincare(rr)
    return {
        "sdnnMs": time["SDNN"], "sdsdMs": time["SDSD"], "rmssdMs": time["RMSSD"], "pnn50Percent": time["pnn50"],
        "sd1Ms": sd1, "sd2Ms": sd2,
        "lfMs2": power["lf_power"], "hfMs2": power["hf_power"], "lfHf": power["lf_hf_ratio"],
    }


def of_neurokit(rr):
    peaks = {"RRI": numpy.array(rr), "RRI_Time": numpy.cumsum(rr) / 1000}
    time, power = neurokit2.hrv_time(peaks), neurokit2.hrv_frequency(peaks)
    rest = neurokit2.hrv_nonlinear(peaks)
    value = lambda table, name: float(table["HRV_" + name].iloc[0])
    return {
        "sdnnMs": value(time, "SDNN"), "sdsdMs": value(time, "SDSD"), "rmssdMs": value(time, "RMSSD"),
        "pnn50Percent": value(time, "pNN50"), "sd1Ms": value(rest, "SD1"), "sd2Ms": value(rest, "SD2"),
        "triangularIndex": value(time, "HTI"), "sampleEntropy": value(rest, "SampEn"),
        "dfaAlpha1": value(rest, "DFA_alpha1"), "lfHf": value(power, "LFHF"),
    }


def lomb(rr):
    """scipy's periodogram of a series with a hole of fifty intervals."""
    times = numpy.cumsum(rr) / 1000
    keep = (numpy.arange(len(rr)) < 150) | (numpy.arange(len(rr)) >= 200)
    times, values = times[keep], numpy.array(rr)[keep]
    hz = numpy.array([0.01, 0.05, 0.09, 0.13, 0.2, 0.24, 0.31, 0.4])
    power = scipy.signal.lombscargle(times, values - values.mean(), math.tau * hz)
    return {"hz": hz.tolist(), "power": power.tolist()}


def with_artefacts(rr):
    """A missed beat, an extra one, two ectopic ones and a long interval, far from one another."""
    rr = list(rr)
    rr[60:62] = [rr[60] + rr[61]]
    rr[120:121] = [0.45 * rr[120], 0.55 * rr[120]]
    for at in (180, 240):
        rr[at], rr[at + 1] = rr[at] - 220, rr[at + 1] + 220
    rr[300] += 350
    return rr


def artefacts(rr):
    peaks = numpy.concatenate([[0], numpy.cumsum(rr)])
    found, _ = _find_artifacts(peaks, sampling_rate=1000)
    ours = systole.detection.rr_artefacts(rr)
    # Their places count peaks; interval i lies between peaks i and i + 1.
    return {
        "neurokit": {name: [int(i) - 1 for i in found[name]] for name in ("ectopic", "missed", "extra", "longshort")},
        "systole": {name: numpy.flatnonzero(ours[name]).tolist() for name in ("ectopic", "missed", "extra", "long", "short")},
    }


RECIPES = {"hrvAnalysis": of_hrv_analysis, "pyhrv": of_pyhrv, "systole": of_systole, "neurokit": of_neurokit}
SERIES = [(400, 830, True, 1), (1500, 905, False, 2), (130, 760, True, 3), (90, 700, False, 4)]

out = {
    "versions": {name: version(name) for name in ("hrv-analysis", "pyhrv", "systole", "neurokit2", "nolds", "scipy", "numpy")},
    "series": [],
}
for count, base, whole, seed in SERIES:
    rr = series(count, base, whole, seed)
    values = {recipe: {k: float(v) for k, v in of(rr).items()} for recipe, of in RECIPES.items()}
    out["series"].append({"count": count, "baseMs": base, "wholeMs": whole, "seed": seed, "lastMs": rr[-1], "values": values})
out["lombScargle"] = lomb(series(400, 830, True, 1))
out["artefacts"] = artefacts(with_artefacts(series(400, 830, True, 1)))
text = json.dumps(out, indent=1)
pathlib.Path(__file__).with_name("hrv_packages.v1.json").write_text(text + "\n")
