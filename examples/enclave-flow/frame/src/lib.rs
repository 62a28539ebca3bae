// SPDX-License-Identifier: Apache-2.0
//! Frames on a stream whose other end is not trusted: the length in bytes (32 bits, little
//! endian) and that many bytes. A frame has a largest size, a conversation a deadline.
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// Why a conversation ended.
#[derive(Debug)]
pub enum Broken {
    /// The other end announced a frame that is larger than this.
    TooLarge(usize),
    /// The other end was not done in time.
    TooLate,
    /// The other end closed in the middle of a frame.
    TooShort,
    /// The system failed.
    System(io::Error),
}

impl Broken {
    /// As it is named in a reply.
    pub fn status(&self) -> &'static str {
        match self {
            Broken::TooLarge(_) => "limit",
            Broken::TooLate => "timeout",
            Broken::TooShort => "short",
            Broken::System(_) => "system",
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::TooLarge(most) => write!(to, "expected a frame of at most {} bytes", most),
            Broken::TooLate => to.write_str("expected a whole frame before the deadline"),
            Broken::TooShort => to.write_str("expected a whole frame, found its beginning"),
            Broken::System(error) => error.fmt(to),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Broken {
        match error.kind() {
            // A socket with a timeout answers the one or the other.
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Broken::TooLate,
            ErrorKind::UnexpectedEof => Broken::TooShort,
            _ => Broken::System(error),
        }
    }
}

/// One conversation.
pub struct Channel {
    stream: UnixStream,
    end: Instant,
}

impl Channel {
    /// The deadline is that of all frames together: a byte now and then does not move it.
    pub fn new(stream: UnixStream, most: Duration) -> Channel {
        Channel { stream, end: Instant::now() + most }
    }

    /// From now on this long.
    pub fn extend(&mut self, most: Duration) {
        self.end = Instant::now() + most;
    }

    /// Reads a frame of at most `most` bytes. Memory is taken for what came, not for what was
    /// announced.
    pub fn receive(&mut self, most: usize) -> Result<Vec<u8>, Broken> {
        let mut size = [0; 4];
        self.fill(&mut size)?;
        let size = u32::from_le_bytes(size) as usize;
        if size > most {
            return Err(Broken::TooLarge(most));
        }

        let mut bytes = Vec::new();
        while bytes.len() < size {
            let have = bytes.len();
            bytes.resize(size.min(have + 65536), 0);
            self.fill(&mut bytes[have..])?;
        }
        Ok(bytes)
    }

    /// Writes a frame.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let size = u32::try_from(bytes.len()).map_err(|_| Broken::TooLarge(u32::MAX as usize))?;
        let mut rest = &[&size.to_le_bytes(), bytes].concat()[..];

        while !rest.is_empty() {
            self.stream.set_write_timeout(Some(self.left()?))?;
            match self.stream.write(rest) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                written => rest = &rest[written?..],
            }
        }
        Ok(())
    }

    fn fill(&mut self, mut room: &mut [u8]) -> Result<(), Broken> {
        while !room.is_empty() {
            self.stream.set_read_timeout(Some(self.left()?))?;
            match self.stream.read(room) {
                Ok(0) => return Err(Broken::TooShort),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => room = &mut room[read?..],
            }
        }
        Ok(())
    }

    /// Never 0, which would be no timeout at all.
    fn left(&self) -> Result<Duration, Broken> {
        let left = self.end.saturating_duration_since(Instant::now());
        // The kernel counts in microseconds.
        if left < Duration::from_micros(1) {
            return Err(Broken::TooLate);
        }
        Ok(left)
    }
}

/// A socket that is there when it can be connected to, not before.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let listener = UnixListener::bind(&name)?;
    fs::rename(&name, path)?;
    Ok(listener)
}
