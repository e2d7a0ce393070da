//! The portal's command: read the arguments, open the database, serve.

use std::error::Error;
use std::io::{BufRead, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use portal::command::{Command, USAGE};
use portal::secret::Secret;
use portal::store::Store;
use portal::{clock, password, Portal, Settings};

/// Exit code for a wrong command line.
const WRONG_USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let command = match Command::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(mistake) => {
            eprintln!("portal: {mistake}\n\n{USAGE}");
            return ExitCode::from(WRONG_USAGE);
        }
    };
    match run(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            let inner = cause.source().map(|inner| format!(" ({inner})")).unwrap_or_default();
            eprintln!("portal: {cause}{inner}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Help => println!("{USAGE}"),
        Command::Serve { listen, db, settings } => serve(listen, &db, *settings).await?,
        Command::SetPassword { name, is_new, from_stdin, db } => {
            set_password(&name, is_new, from_stdin, &db).await?;
        }
        Command::ListUsers { db } => {
            for name in Store::open(&db).await?.clinician_names().await? {
                println!("{name}");
            }
        }
    }
    Ok(())
}

async fn serve(listen: SocketAddr, db: &Path, settings: Settings) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let store = Store::open(db).await?;
    if store.clinician_names().await?.is_empty() {
        eprintln!("portal: nobody can sign in yet; add the first clinician with: portal user add NAME");
    }
    let portal = Portal::new(store.clone(), settings)?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        eprintln!("portal: {address} is open to others; put a TLS terminator in front, see docs/SECURITY.md");
    }
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    tokio::spawn(stopped(portal.clone()));
    portal::server::serve(listener, portal).await;
    store.close().await;
    Ok(())
}

/// Closes the portal when the operator stops it.
async fn stopped(portal: Portal) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        } else {
            let _ = interrupt.await;
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
    portal.close();
}

async fn set_password(name: &str, is_new: bool, from_stdin: bool, db: &Path) -> Result<(), Box<dyn Error>> {
    let (password, made) = if from_stdin { (read_password()?, false) } else { (random_password()?, true) };
    if password.chars().count() < password::SHORTEST || password.len() > password::LONGEST {
        return Err(format!(
            "a password has {} characters to {} bytes",
            password::SHORTEST,
            password::LONGEST
        )
        .into());
    }
    let (store, hash) = (Store::open(db).await?, password::hash(&password)?);
    if is_new && !store.add_clinician(name, &hash, clock::now_ms()).await? {
        return Err(format!("the name {name} is taken").into());
    }
    if !is_new && !store.set_password(name, &hash).await? {
        return Err(format!("there is no user {name}").into());
    }
    store.close().await;
    println!("user: {name}");
    if made {
        println!("password: {password}");
    }
    Ok(())
}

/// 128 bits: half a secret.
fn random_password() -> Result<String, Box<dyn Error>> {
    Ok(Secret::random()?.reveal().chars().take(22).collect())
}

fn read_password() -> Result<String, Box<dyn Error>> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("Password, in one line (it is shown as you type):");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
