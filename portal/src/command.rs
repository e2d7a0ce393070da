//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::clinic::Clinic;
use crate::settings::{EmergencyNumber, Settings};

/// What `portal --help` prints.
pub const USAGE: &str = "\
portal serve [--listen ADDRESS:PORT] [--db FILE] [--www DIR] [--emergency-number NUMBER]
             [--clinic FILE]
portal user add NAME [--password-stdin] [--db FILE]
portal user password NAME [--password-stdin] [--db FILE]
portal user list [--db FILE]

Defaults: --listen 127.0.0.1:8080, --db portal.db, --emergency-number 112. Without --www the API alone is served.
--clinic names a JSON file with the limits of red flags and who acknowledges them; see docs/INTEGRATION.md.
Without --password-stdin a random password is made and printed once.
Outside localhost a TLS terminator must stand in front; see docs/SECURITY.md.";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Run the portal.
    Serve {
        /// Where to listen.
        listen: SocketAddr,
        /// The database file.
        db: PathBuf,
        /// The operator's choices.
        settings: Box<Settings>,
    },
    /// Add a clinician, or give one a new password.
    SetPassword {
        /// Sign-in name.
        name: String,
        /// Whether the name must be new.
        is_new: bool,
        /// Whether the password comes on standard input.
        from_stdin: bool,
        /// The database file.
        db: PathBuf,
    },
    /// List the clinicians.
    ListUsers {
        /// The database file.
        db: PathBuf,
    },
    /// Print [`USAGE`].
    Help,
}

#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    listen: Option<String>,
    db: Option<String>,
    www: Option<String>,
    emergency_number: Option<String>,
    clinic: Option<String>,
    password_stdin: bool,
}

impl Command {
    /// Reads the arguments after the program's name; `Err` is one line for the user.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut read = Arguments::default();
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            let slot = match argument.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--password-stdin" => {
                    read.password_stdin = true;
                    continue;
                }
                "--listen" => &mut read.listen,
                "--db" => &mut read.db,
                "--www" => &mut read.www,
                "--emergency-number" => &mut read.emergency_number,
                "--clinic" => &mut read.clinic,
                option if option.starts_with('-') => return Err(format!("unknown option {option}")),
                _ => {
                    read.words.push(argument);
                    continue;
                }
            };
            *slot = Some(rest.next().ok_or_else(|| format!("{argument} wants a value"))?);
        }
        read.command()
    }
}

impl Arguments {
    fn command(self) -> Result<Command, String> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["serve"] => self.serve(),
            ["user", "list"] => Ok(Command::ListUsers { db: self.db() }),
            ["user", verb @ ("add" | "password"), name] => Ok(Command::SetPassword {
                name: user_name(name)?,
                is_new: *verb == "add",
                from_stdin: self.password_stdin,
                db: self.db(),
            }),
            [] => Err("a command is missing".to_owned()),
            _ => Err(format!("unknown command: {}", words.join(" "))),
        }
    }

    fn serve(&self) -> Result<Command, String> {
        let listen = self.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let mut settings = Settings { www: self.www.as_ref().map(PathBuf::from), ..Settings::default() };
        if let Some(number) = &self.emergency_number {
            settings.emergency_number =
                EmergencyNumber::new(number).ok_or("--emergency-number wants 2 to 16 digits")?;
        }
        if let Some(file) = &self.clinic {
            let text = std::fs::read_to_string(file).map_err(|error| format!("--clinic: {file}: {error}"))?;
            settings.clinic = Clinic::parse(&text).map_err(|why| format!("--clinic: {file}: {why}"))?;
        }
        if let Some(www) = settings.www.as_ref().filter(|www| !www.is_dir()) {
            return Err(format!("--www: {} is no folder", www.display()));
        }
        Ok(Command::Serve {
            listen: listen.parse().map_err(|_| "--listen wants ADDRESS:PORT, such as 127.0.0.1:8080")?,
            db: self.db(),
            settings: Box::new(settings),
        })
    }

    fn db(&self) -> PathBuf {
        PathBuf::from(self.db.as_deref().unwrap_or("portal.db"))
    }
}

/// A name of 1 to 64 printable characters without a blank at its ends.
fn user_name(text: &str) -> Result<String, String> {
    let good = (1..=64).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control);
    good.then(|| text.to_owned()).ok_or_else(|| "a user name has 1 to 64 printable characters".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned))
    }

    #[test]
    fn serving_has_defaults_on_localhost() {
        let Ok(Command::Serve { listen, db, settings }) = parse("serve") else { panic!("serve") };
        assert!(listen.ip().is_loopback());
        assert_eq!(db, PathBuf::from("portal.db"));
        assert_eq!(settings.emergency_number.as_str(), "112");
        let Ok(Command::Serve { listen, settings, .. }) =
            parse("serve --listen [::1]:0 --emergency-number 999")
        else {
            panic!("serve with options")
        };
        assert_eq!((listen.port(), settings.emergency_number.as_str()), (0, "999"));
    }

    #[test]
    fn users_are_added_and_listed() {
        assert!(
            matches!(parse("user list --db x.db"), Ok(Command::ListUsers { db }) if db.as_os_str() == "x.db")
        );
        let added = parse("user add ada --password-stdin");
        assert!(
            matches!(added, Ok(Command::SetPassword { name, is_new: true, from_stdin: true, .. }) if name == "ada")
        );
    }

    #[test]
    fn a_mistake_is_named() {
        for (line, part) in [
            ("", "missing"),
            ("serve --port 1", "--port"),
            ("serve --listen", "wants a value"),
            ("serve --listen here", "ADDRESS:PORT"),
            ("serve --emergency-number help", "digits"),
            ("serve --www /no/such/folder", "no folder"),
            ("serve --clinic /no/such/file", "--clinic"),
            ("user add", "unknown command"),
            ("user remove ada", "unknown command"),
        ] {
            let said = parse(line).expect_err(line);
            assert!(said.contains(part), "{line}: {said}");
        }
        assert!(Command::parse(["user", "add", "a\u{7}b"].map(str::to_owned)).is_err());
    }
}
