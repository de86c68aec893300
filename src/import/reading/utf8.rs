//! Is the whole file UTF-8? Asked before anything is imported, so that a file is taken or refused as a whole.

use std::io::Read;

/// The byte order mark that some programs put before UTF-8.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

const BUFFER: usize = 256 * 1024;

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It can't be read.
    #[error("{0}")]
    Read(std::io::Error),
    /// It is in the other Unicode encoding.
    #[error("the file is UTF-16. Save it as UTF-8 and import it again.")]
    Utf16,
    /// It isn't UTF-8.
    #[error(
        "line {line} is not UTF-8: it has the byte {byte:02X} in a place where UTF-8 has none. Save the file as UTF-8 and import it again."
    )]
    Line {
        /// The line, from 1.
        line: u64,
        /// The first byte that doesn't fit.
        byte: u8,
    },
}

/// Checks that everything is UTF-8.
///
/// # Errors
/// With the line of the first byte that isn't.
pub fn check(mut file: impl Read) -> Result<(), Problem> {
    let mut buffer = vec![0; BUFFER];
    let mut line = 1;
    let mut kept = 0;
    let mut at_start = true;
    loop {
        let read = file.read(&mut buffer[kept..]).map_err(Problem::Read)?;
        let filled = kept + read;
        if at_start && (buffer[..filled].starts_with(b"\xff\xfe") || buffer[..filled].starts_with(b"\xfe\xff")) {
            return Err(Problem::Utf16);
        }
        at_start = false;
        let valid = match std::str::from_utf8(&buffer[..filled]) {
            Ok(_) => filled,
            // A character that the end of the buffer cuts through, unless it is the end of the file.
            Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
            Err(error) => {
                let (before, after) = buffer[..filled].split_at(error.valid_up_to());
                return Err(Problem::Line { line: line + lines(before), byte: after.first().copied().unwrap_or_default() });
            }
        };
        line += lines(&buffer[..valid]);
        buffer.copy_within(valid..filled, 0);
        kept = filled - valid;
        if read == 0 {
            return Ok(());
        }
    }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
