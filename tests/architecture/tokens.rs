//! Just enough of Rust's grammar to see which modules a file names: words and punctuation, without comments,
//! strings and lifetimes.

/// One word or one punctuation mark; `::` is one mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word itself, or the mark.
    pub text: String,
    /// Line it stands on, from 1.
    pub line: usize,
}

impl Token {
    /// Whether this is an identifier or a keyword.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Splits source text into tokens.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let end = skipped(&chars, at);
        let end = if end > at {
            end
        } else {
            let end = visible_end(&chars, at);
            out.push(Token { text: chars[at..end].iter().collect(), line });
            end
        };
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    out
}

fn visible_end(chars: &[char], at: usize) -> usize {
    if is_word_char(chars[at]) {
        return run(chars, at, is_word_char);
    }
    if chars[at] == ':' && chars.get(at + 1) == Some(&':') {
        return at + 2;
    }
    at + 1
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(chars: &[char], from: usize, keep: fn(char) -> bool) -> usize {
    from + chars[from..].iter().take_while(|c| keep(**c)).count()
}

/// End of the blank, comment, string, character or lifetime that starts at `at`; `at` when none does.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match (chars[at], next) {
        (c, _) if c.is_whitespace() => run(chars, at, char::is_whitespace),
        ('/', Some('/')) => run(chars, at, |c| c != '\n'),
        ('/', Some('*')) => block_comment_end(chars, at),
        ('"', _) => string_end(chars, at + 1),
        ('b', Some('"')) => string_end(chars, at + 2),
        ('r', Some('"' | '#')) => raw_string_end(chars, at, 1),
        ('b', Some('r')) if matches!(chars.get(at + 2), Some('"' | '#')) => raw_string_end(chars, at, 2),
        ('\'', _) => quote_end(chars, at),
        _ => at,
    }
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0, at);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i.min(chars.len())
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut i = from;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

fn raw_string_end(chars: &[char], at: usize, prefix: usize) -> usize {
    let open = run(chars, at + prefix, |c| c == '#');
    let hashes = open - at - prefix;
    if chars.get(open) != Some(&'"') {
        return at; // a raw identifier such as r#type
    }
    let closes = |i: usize| chars[i] == '"' && run(chars, i + 1, |c| c == '#') - i > hashes;
    (open + 1..chars.len()).find(|i| closes(*i)).map_or(chars.len(), |i| i + 1 + hashes)
}

fn quote_end(chars: &[char], at: usize) -> usize {
    if chars.get(at + 1) == Some(&'\\') {
        let close = chars[at + 3..].iter().position(|c| *c == '\'');
        return close.map_or(chars.len(), |n| at + 4 + n);
    }
    if chars.get(at + 2) == Some(&'\'') {
        return at + 3;
    }
    run(chars, at + 1, is_word_char) // a lifetime
}
