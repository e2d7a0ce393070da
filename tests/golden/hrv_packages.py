"""Makes hrv_packages.v1.json again: what other packages say of RR series that a formula makes.

    python3.12 -m venv venv && venv/bin/pip install -r hrv_packages.txt && venv/bin/python hrv_packages.py

tests/hrv_packages.rs makes the same series and compares. Versions are in hrv_packages.txt and in the file itself.
"""

import itertools
import json
import math
import pathlib
import warnings
from decimal import Decimal, getcontext
from fractions import Fraction
from importlib.metadata import version

import hrvanalysis
import neurokit2
import nolds
import numpy
import pyhrv.frequency_domain
import pyhrv.nonlinear
import pyhrv.time_domain
import scipy.interpolate
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
        # What the package calls, but for the last line: it fits that by chance (RANSAC), differently each time.
        "dfaAlpha1": nolds.dfa(rr, range(4, 17), overlap=False, fit_exp="poly"),
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


def by_definition(rr):
    """The recipe pqrst from its written definition: sums and pairs in exact fractions, roots and logarithms to fifty
    digits; the spectrum from scipy's natural spline and Welch."""
    getcontext().prec = 50
    exact = [Fraction(x) for x in rr]
    n, d = len(exact), [b - a for a, b in zip(exact, exact[1:])]

    def decimal(fraction):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

    def variance(values):
        mean = sum(values) / len(values)
        return sum((v - mean) ** 2 for v in values) / (len(values) - 1)

    nn, dd = variance(exact), variance(d)
    bins = {}
    for x in exact:
        place = math.floor(x / Fraction(1000, 128))
        bins[place] = bins.get(place, 0) + 1
    # Sample entropy: |x| <= r is x^2 <= r^2, and r^2 = SDNN^2 / 25 is a fraction.
    pairs = [0, 0]
    for i in range(n - 2):
        for j in range(i + 1, n - 2):
            far = [(exact[i + k] - exact[j + k]) ** 2 * 25 <= nn for k in range(3)]
            pairs[0] += far[0] and far[1]
            pairs[1] += all(far)
    mean = sum(exact) / n
    profile = list(itertools.accumulate(x - mean for x in exact))
    points = []
    for length in range(4, 17):
        left, centre = Fraction(0), Fraction(length - 1, 2)
        xx = sum((i - centre) ** 2 for i in range(length))
        for start in range(0, n - length + 1, length):
            window = profile[start:start + length]
            middle = sum(window) / length
            slope = sum((i - centre) * (y - middle) for i, y in enumerate(window)) / xx
            left += sum((y - middle - slope * (i - centre)) ** 2 for i, y in enumerate(window))
        points.append((Decimal(length).ln(), decimal(left / (n // length * length)).ln() / 2))
    mx, my = (sum(p[k] for p in points) / len(points) for k in (0, 1))
    alpha = sum((x - mx) * (y - my) for x, y in points) / sum((x - mx) ** 2 for x, _ in points)
    times = numpy.cumsum(rr) / 1000
    even = times[0] + numpy.arange(int((times[-1] - times[0]) * 4) + 1) / 4
    series = scipy.interpolate.CubicSpline(times, rr, bc_type="natural")(even)
    out = {
        "sdnnMs": decimal(nn).sqrt(), "sdsdMs": decimal(dd).sqrt(), "rmssdMs": decimal(sum(x * x for x in d) / len(d)).sqrt(),
        "pnn50Percent": decimal(Fraction(100 * sum(abs(x) > 50 for x in d), len(d))),
        "sd1Ms": decimal(dd / 2).sqrt(), "sd2Ms": decimal(2 * nn - dd / 2).sqrt(),
        "triangularIndex": decimal(Fraction(n, max(bins.values()))),
        "sampleEntropy": decimal(Fraction(pairs[0], pairs[1])).ln(), "dfaAlpha1": alpha,
    }
    if len(series) >= 256:
        hz, power = scipy.signal.welch(series, fs=4, window="hann", nperseg=256, nfft=4096)
        area = lambda low, high: numpy.trapezoid(power[(hz >= low) & (hz < high)], hz[(hz >= low) & (hz < high)])
        out.update(lfMs2=area(0.04, 0.15), hfMs2=area(0.15, 0.40), lfHf=area(0.04, 0.15) / area(0.15, 0.40))
    return out


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


RECIPES = {"pqrst": by_definition, "hrvAnalysis": of_hrv_analysis, "pyhrv": of_pyhrv, "systole": of_systole, "neurokit": of_neurokit}
SERIES = [(400, 830, True, 1), (1200, 905, False, 2), (130, 760, True, 3), (90, 700, False, 4)]

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
