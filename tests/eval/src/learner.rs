//! Dense networks that learn: the same sums as in `pqrst::detect`, with their derivatives.

/// A network as its parameters lie in a list: layer by layer the weights by input, then by output, then the biases.
pub struct Learner {
    widths: Vec<usize>,
    /// Where each layer starts in the list.
    starts: Vec<usize>,
    pub end: usize,
}

/// What the layers put out for one input: needed to go back.
#[derive(Default, Clone)]
pub struct Trace {
    values: Vec<Vec<f32>>,
}

impl Trace {
    /// What the last layer put out.
    pub fn outputs(&self) -> &[f32] {
        self.values.last().map_or(&[], Vec::as_slice)
    }
}

impl Learner {
    pub fn new(widths: &[usize], start: usize) -> Self {
        let mut at = start;
        let mut starts = Vec::new();
        for pair in widths.windows(2) {
            starts.push(at);
            at += (pair[0] + 1) * pair[1];
        }
        Self { widths: widths.to_vec(), starts, end: at }
    }

    /// Bounds of the weights and of the biases of every layer.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.widths.windows(2).zip(&self.starts).flat_map(|(pair, start)| {
            let middle = start + pair[0] * pair[1];
            [(*start, middle), (middle, middle + pair[1])]
        })
    }

    /// The output; `trace` keeps what is needed to go back.
    pub fn forward(&self, parameters: &[f32], inputs: &[f32], trace: &mut Trace) -> f32 {
        trace.values.resize(self.widths.len(), Vec::new());
        trace.values[0].clear();
        trace.values[0].extend_from_slice(inputs);
        for (layer, pair) in self.widths.windows(2).enumerate() {
            let (n, m) = (pair[0], pair[1]);
            let start = self.starts[layer];
            let (before, after) = trace.values.split_at_mut(layer + 1);
            let (values, sums) = (&before[layer], &mut after[0]);
            sums.clear();
            sums.extend_from_slice(&parameters[start + n * m..start + n * m + m]);
            for (x, row) in values.iter().zip(parameters[start..start + n * m].chunks_exact(m)) {
                let x = if layer > 0 { x.max(0.0) } else { *x };
                if x != 0.0 {
                    sums.iter_mut().zip(row).for_each(|(s, w)| *s += x * w);
                }
            }
        }
        trace.outputs()[0]
    }

    /// Adds the derivatives of `slope` times the output to `gradient`.
    pub fn backward(&self, parameters: &[f32], trace: &Trace, slope: f32, gradient: &mut [f32]) {
        self.backward_all(parameters, trace, &[slope], gradient);
    }

    /// The same for a network of several outputs, with a slope for each.
    pub fn backward_all(&self, parameters: &[f32], trace: &Trace, slopes: &[f32], gradient: &mut [f32]) {
        let mut slopes = slopes.to_vec();
        for layer in (0..self.widths.len() - 1).rev() {
            let (n, m) = (self.widths[layer], self.widths[layer + 1]);
            let start = self.starts[layer];
            let (weights, biases) = gradient[start..start + n * m + m].split_at_mut(n * m);
            biases.iter_mut().zip(&slopes).for_each(|(b, s)| *b += s);
            let mut next = vec![0.0; n];
            for (i, x) in trace.values[layer].iter().enumerate() {
                let x_in = if layer > 0 { x.max(0.0) } else { *x };
                if x_in == 0.0 && layer > 0 {
                    continue;
                }
                weights[i * m..i * m + m].iter_mut().zip(&slopes).for_each(|(w, s)| *w += x_in * s);
                if layer > 0 {
                    let row = &parameters[start + i * m..start + i * m + m];
                    next[i] = row.iter().zip(&slopes).map(|(w, s)| w * s).sum();
                }
            }
            slopes = next;
        }
    }
}

/// Learns so many models at once, each on a thread of its own.
pub fn at_once<T: Send>(count: usize, learn: impl Fn(usize) -> T + Sync) -> Result<Vec<T>, String> {
    let learn = &learn;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|i| scope.spawn(move || learn(i))).collect();
        threads.into_iter().map(|t| t.join().map_err(|_| "learning failed".to_owned())).collect()
    })
}

/// Adaptive moments (Kingma and Ba 2015).
pub struct Adam {
    first: Vec<f32>,
    second: Vec<f32>,
    count: i32,
}

impl Adam {
    pub fn new(count: usize) -> Self {
        Self { first: vec![0.0; count], second: vec![0.0; count], count: 0 }
    }

    pub fn step(&mut self, parameters: &mut [f32], gradient: &[f32], rate: f32, decay: f32) {
        self.count += 1;
        let (a, b) = (1.0 - 0.9_f32.powi(self.count), 1.0 - 0.999_f32.powi(self.count));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((p, g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *m += 0.1 * (g - *m);
            *v += 0.001 * (g * g - *v);
            *p -= rate * ((*m / a) / ((*v / b).sqrt() + 1e-8) + decay * *p);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Draw;

    #[test]
    fn derivatives_equal_differences() {
        let learner = Learner::new(&[5, 4, 3, 1], 0);
        let mut draw = Draw(3);
        let mut parameters: Vec<f32> = (0..learner.end).map(|_| draw.normal() as f32).collect();
        let inputs: Vec<f32> = (0..5).map(|_| draw.normal() as f32).collect();
        let mut trace = Trace::default();
        learner.forward(&parameters, &inputs, &mut trace);
        let mut gradient = vec![0.0; learner.end];
        learner.backward(&parameters, &trace, 1.0, &mut gradient);
        for i in 0..learner.end {
            let own = parameters[i];
            parameters[i] = own + 1e-2;
            let above = learner.forward(&parameters, &inputs, &mut trace);
            parameters[i] = own - 1e-2;
            let below = learner.forward(&parameters, &inputs, &mut trace);
            parameters[i] = own;
            assert!(((above - below) / 2e-2 - gradient[i]).abs() < 2e-2, "{i}");
        }
    }
}
