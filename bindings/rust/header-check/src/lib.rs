// SPDX-License-Identifier: Apache-2.0
//! For tests: do Rust declarations say what a C header says?
//!
//! The header and the Rust source are both read as text and must declare the same constants,
//! structs, members and functions, of the same types and in the same order. Whether the compilers
//! agree as well, a C program tells: it prints numbers, sizes and offsets.
mod header;
mod program;
mod source;

pub use header::read_header;
pub use program::{ask_compiler, include_flags};
pub use source::read_source;

use std::collections::BTreeMap;

/// A name and its type, written as in Rust.
pub type Typed = (String, String);

/// What a header or a source declares.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Constants; in a source with their values, in a header with none.
    pub constants: BTreeMap<String, Option<i64>>,
    /// Structs with their members in order; none where only the library knows them.
    pub structs: BTreeMap<String, Vec<Typed>>,
    /// Functions with their parameters in order, and behind them the result, named "->".
    pub functions: BTreeMap<String, Vec<Typed>>,
}

/// Sizes and offsets: "struct" to its size, "struct.member" to its offset and size.
pub type Layout = BTreeMap<String, (usize, usize)>;

/// The layout of Rust structs, whose members are named: the compiler's own.
#[macro_export]
macro_rules! layout {
    ($($name:ident { $($member:ident),* $(,)? })*) => {{
        let mut layout = $crate::Layout::new();
        $(
            let room = std::mem::MaybeUninit::<$name>::uninit();
            let start = room.as_ptr();
            layout.insert(stringify!($name).to_string(), (0, std::mem::size_of::<$name>()));
            $(
                // SAFETY: the place is inside `room`, and nothing is read.
                let place = unsafe { std::ptr::addr_of!((*start).$member) };
                layout.insert(
                    format!("{}.{}", stringify!($name), stringify!($member)),
                    (place as usize - start as usize, $crate::size_behind(place)),
                );
            )*
        )*
        layout
    }};
}

/// The size of what a pointer points to.
pub fn size_behind<T>(_: *const T) -> usize {
    std::mem::size_of::<T>()
}
