//! The program as an operator runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_portal");

/// Ends the program with the test, however the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn portal(arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn sign_in(address: &str, user: &str, password: &str) -> String {
    let body = json!({ "user": user, "password": password }).to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/session HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_first_clinician_is_added_and_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    let db = db.to_str().unwrap();

    let (code, out, _) = portal(&["user", "add", "ada", "--db", db], "");
    assert_eq!(code, 0);
    let password =
        out.lines().find_map(|line| line.strip_prefix("password: ")).expect("a password").to_owned();
    assert!(password.len() >= 22, "128 bits");
    let (code, out, _) =
        portal(&["user", "add", "ben", "--password-stdin", "--db", db], "a long enough one\n");
    assert_eq!((code, out.as_str()), (0, "user: ben\n"), "a given password is not printed");
    let (code, _, said) = portal(&["user", "add", "ADA", "--db", db], "");
    assert!(code == 1 && said.contains("taken"), "{code} {said}");
    let (code, _, said) = portal(&["user", "add", "eve", "--password-stdin", "--db", db], "short\n");
    assert!(code == 1 && said.contains("12 characters"), "{code} {said}");
    assert_eq!(portal(&["user", "list", "--db", db], "").1, "ada\nben\n");
    assert_eq!(portal(&["dance"], "").0, 2);
    assert_eq!(portal(&["--help"], "").0, 0);

    let serve = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--db", db])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut serve = Running(serve);
    let mut line = String::new();
    BufReader::new(serve.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").expect("the address").to_owned();
    assert!(sign_in(&address, "ada", &password).contains("204"));
    assert!(sign_in(&address, "ben", "a long enough one").contains("204"));
    assert!(sign_in(&address, "ben", &password).contains("401"));

    // While it serves: a new password works at once, the old one no longer.
    let (code, _, _) =
        portal(&["user", "password", "ben", "--password-stdin", "--db", db], "quite another one\n");
    assert_eq!(code, 0);
    assert!(sign_in(&address, "ben", "quite another one").contains("204"));
    assert!(sign_in(&address, "ben", "a long enough one").contains("401"));
}
