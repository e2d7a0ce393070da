//! Starts other programs: streamed to the terminal, optionally with every line seen here as well.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::{project, rust, Result};

/// A program to be run in the project's root, with the project's own tools first on the path.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project::root());
    let own = rust::bindgen_folder().map(|folder| folder.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.into_iter().chain(std::env::split_paths(&path));
    if let Ok(joined) = std::env::join_paths(folders) {
        command.env("PATH", joined);
    }
    command
}

/// The command as a person would type it.
pub fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs to the end; anything but success is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", spelled(command));
    let status = command.status().map_err(|error| format!("{}: {error}", spelled(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed ({status})", spelled(command)))
}

/// Runs to the end, passes both outputs on as they come, and shows each line to `see`.
pub fn run_seen(command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    println!("$ {}", spelled(command));
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| format!("{}: {error}", spelled(command)))?;
    let (sender, lines) = mpsc::channel();
    let out = child.stdout.take().map(|pipe| forward(pipe, sender.clone()));
    let err = child.stderr.take().map(|pipe| forward(pipe, sender));
    for line in lines {
        println!("{line}");
        see(&line);
    }
    for reader in [out, err].into_iter().flatten() {
        let _ = reader.join();
    }
    let _ = std::io::stdout().flush();
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed ({status})", spelled(command)))
}

fn forward(pipe: impl Read + Send + 'static, to: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(std::result::Result::ok) {
            let text = String::from_utf8_lossy(&line);
            if to.send(text.trim_end_matches('\r').to_owned()).is_err() {
                break;
            }
        }
    })
}

/// Standard output of a program that succeeds, trimmed; `None` when it is absent or fails.
pub fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let done = command(program).args(args).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// The first of these programs that is on the path.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}
