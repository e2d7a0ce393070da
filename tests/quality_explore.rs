mod recordings;
use pqrst::quality::Assessor;
use pqrst::units::Hertz;
#[test]
fn dump() {
    let f = recordings::folder().unwrap();
    let what = std::env::var("PQ_WHAT").unwrap();
    for w in what.split(',') {
        let (db, rec) = w.split_once('/').unwrap();
        let (rec, ch) = rec.split_once(':').unwrap_or((rec, "0"));
        let recs = if rec == "all" { recordings::records(&f.join(db)) } else { vec![rec.to_string()] };
        for rec in recs {
            let mut c = recordings::channel(&f.join(db), &rec, ch.parse().unwrap());
            if std::env::var_os("PQ_HP").is_some() {
                let a = (-std::f64::consts::TAU * 0.7 / c.rate).exp();
                let (mut y, mut x0) = (0.0, f64::from(c.samples_uv[0]));
                for v in &mut c.samples_uv {
                    let x = f64::from(*v);
                    y = a * (y + x - x0);
                    x0 = x;
                    *v = y as f32;
                }
            }
            println!("REC {rec}:{ch}");
            let n30 = (c.rate * 30.0) as usize;
            let atr = f.join(db).join(format!("{rec}.atr"));
            let noise: Vec<u64> = if atr.exists() {
                recordings::annotations(&atr).iter().filter(|a| a.1 == 14).map(|a| a.0).collect()
            } else {
                vec![]
            };
            let (mut n, mut ok, mut wn, mut wok) = (0, 0, 0, 0);
            let mut bad = vec![];
            for (i, s) in c.samples_uv.chunks_exact(n30).enumerate() {
                let r = (i * n30) as u64..((i + 1) * n30) as u64;
                if noise.iter().any(|t| r.contains(t)) {
                    continue;
                }
                println!("WIN {}", i * 30);
                let mut a = Assessor::new(Hertz::new(c.rate).unwrap());
                let mut out = vec![];
                a.push(s, &mut out);
                a.finish(&mut out);
                let good = out.iter().filter(|w| w.usable).count();
                n += 1;
                wn += out.len();
                wok += good;
                if good * 5 >= out.len() * 4 {
                    ok += 1
                } else {
                    bad.push((i * 30, good))
                }
            }
            println!(
                "SUM {rec}:{ch} 30s {ok}/{n} windows {wok}/{wn} {:.3} bad {:?}",
                wok as f64 / wn as f64,
                bad
            );
        }
    }
}
