//! `cargo xtask demo`: both pages and their portal on one local address, with a clinician to sign in as.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::process::command;
use crate::{build, project, Result};

const USER: &str = "demo";
const DEFAULT_PORT: u16 = 8080;

/// Builds everything, makes a fresh database with one clinician, serves until interrupted.
pub fn run(args: &[String]) -> Result<()> {
    let port = port(args)?;
    build::everything()?;
    let portal = build::portal()?;
    let folder = project::target().join("demo");
    let _ = fs::remove_dir_all(&folder); // the demo starts empty and keeps nothing
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let database = folder.join("portal.db");
    let told = add_user(&portal, &database)?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut server = serve(&portal, &database, address)?;
    wait_until_served(&mut server, address)?;
    println!("\npqrst demo: http://{address}/");
    println!("clinician:  http://{address}/clinician/  user: {USER}");
    println!("{}", told.trim());
    println!(
        "Sign in, make a demo visit, open its link in a second tab. Ctrl-C ends the demo; nothing is kept."
    );
    let ended = server.wait().map_err(|error| error.to_string())?;
    Err(format!("the portal ended ({ended})"))
}

fn port(args: &[String]) -> Result<u16> {
    match args {
        [] => Ok(DEFAULT_PORT),
        [word, number] if word == "--port" => {
            number.parse().map_err(|_| format!("--port wants a number up to 65535, not `{number}`"))
        }
        _ => Err("usage: cargo xtask demo [--port N]".to_owned()),
    }
}

/// Makes the clinician; what the portal says holds the random password.
fn add_user(portal: &Path, database: &Path) -> Result<String> {
    let done = command(portal).args(["user", "add", USER, "--db"]).arg(database).output();
    let done = done.map_err(|error| format!("{}: {error}", portal.display()))?;
    if !done.status.success() {
        return Err(format!("portal user add: {}", String::from_utf8_lossy(&done.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn serve(portal: &Path, database: &Path, address: SocketAddr) -> Result<Child> {
    let mut serve = command(portal);
    serve.args(["serve", "--listen", &address.to_string(), "--db"]).arg(database);
    serve.arg("--www").arg(project::root().join("www/dist"));
    serve.spawn().map_err(|error| format!("{}: {error}", portal.display()))
}

fn wait_until_served(server: &mut Child, address: SocketAddr) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if let Ok(Some(status)) = server.try_wait() {
            return Err(format!("the portal ended at once ({status}); is port {} taken?", address.port()));
        }
        if answers(address) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = server.kill();
    Err(format!("no answer from http://{address}/healthz within 20 s"))
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(500))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(&head[9..12] == b"200")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_a_number() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(port(&[]), Ok(8080));
        assert_eq!(port(&words("--port 9001")), Ok(9001));
        assert!(port(&words("--port 99999")).is_err());
        assert!(port(&words("--prot 80")).is_err());
    }
}
