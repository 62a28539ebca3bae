// SPDX-License-Identifier: Apache-2.0
//! The enclave's reader: what the samples hold, and that nothing hostile is taken.
#![cfg(all(feature = "host", feature = "boot"))]
mod common;

use common::{find, records, Line};
use ocienv::boot::{self, Boot, Slot, Text};
use ocienv::{Config, Document, Item, Options, Status};
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

struct Sample {
    name: PathBuf,
    blob: Vec<u8>,
    lines: Vec<Line>,
}

impl Sample {
    fn strings(&self, key: &str) -> &[Vec<u8>] {
        &find(&self.lines, key).expect("a line of each sample").words
    }
}

fn samples() -> Vec<Sample> {
    let samples = records("sample", &[Path::new("samples")]);

    assert!(samples.len() >= 10, "{} samples", samples.len());
    samples
        .into_iter()
        .map(|lines| {
            let name = PathBuf::from(lines[0].word());
            Sample { blob: fs::read(&name).expect("a blob"), name, lines }
        })
        .collect()
}

fn sample(name: &str) -> Sample {
    let found = samples().into_iter().find(|sample| sample.name.ends_with(name));

    found.expect("a sample of that name")
}

fn bytes<'a>(texts: impl Iterator<Item = Text<'a>>) -> Vec<Vec<u8>> {
    texts.map(|text| text.to_bytes().to_vec()).collect()
}

#[test]
fn reads_what_the_samples_hold() {
    for sample in samples() {
        let boot = Boot::open(&sample.blob).expect("a blob that is accepted");
        let mut slots = vec![Slot::EMPTY; boot.argc().max(boot.envc()) + 1];
        let exec = find(&sample.lines, "exec").map(|line| line.words[0].clone());

        println!("{}", sample.name.display());
        assert_eq!(boot.exec().map(|text| text.to_vec()), exec);
        assert_eq!(bytes(boot.argv(&mut slots).unwrap().iter()), sample.strings("argv"));
        assert_eq!(bytes(boot.env(&mut slots).unwrap().iter()), sample.strings("env"));
        assert_eq!(*boot.cwd(), *sample.strings("cwd")[0]);
        assert!(sample.blob.starts_with(boot.measured()));
        check_user(&boot, &sample);
    }
}

fn check_user(boot: &Boot<'_>, sample: &Sample) {
    let (user, numbers) = (boot.user().unwrap(), find(&sample.lines, "user").unwrap());
    let groups = find(&sample.lines, "groups").unwrap();
    let groups: Vec<u32> = (0..groups.words.len()).map(|at| groups.number(at)).collect();

    assert_eq!([user.uid, user.gid, user.umask], [0, 1, 2].map(|at| numbers.number(at)));
    assert_eq!(user.groups().len(), groups.len());
    assert!(user.groups().eq(groups));
}

/// A host refuses a rootfs section (docs/wire.md); all else both read alike.
#[test]
fn host_and_enclave_agree() {
    let options = Options::new();

    for sample in samples() {
        let boot = Boot::open(&sample.blob).unwrap();
        let config = Config::decode(&Document::new(&sample.name, &sample.blob), &options);

        println!("{}", sample.name.display());
        if find(&sample.lines, "rootfs").is_some() {
            assert_eq!(config.unwrap_err().status, Status::Blob);
            continue;
        }
        let config = config.unwrap();
        let mut slots = vec![Slot::EMPTY; boot.argc().max(boot.envc()) + 1];
        let argv = bytes(boot.argv(&mut slots).unwrap().iter());
        assert!(config.argv().map(|text| text.to_bytes().to_vec()).eq(argv));
        let env = bytes(boot.env(&mut slots).unwrap().iter());
        assert!(config.env().map(|text| text.to_bytes().to_vec()).eq(env));
        assert_eq!(config.cwd(), boot.cwd().to_c_str());
        assert_eq!(config.exec().map(|exec| exec.path), boot.exec().map(Text::to_c_str));
        let (user, of_boot) = (config.user(), boot.user().unwrap());
        assert_eq!((user.uid, user.gid, user.umask), (of_boot.uid, of_boot.gid, of_boot.umask));
        assert!(of_boot.groups().eq(user.groups.iter().copied()));
        check_rest(&config, &boot, &sample);
    }
}

/// What is a secret, and that the same bytes come out again with the digest that they have.
fn check_rest(config: &Config, boot: &Boot<'_>, sample: &Sample) {
    for (index, secret) in sample.strings("secret").iter().enumerate() {
        let origin = config.origin(Item::Env(index), 0).expect("an origin");
        assert_eq!(origin.secret, secret == b"1");
    }
    if find(&sample.lines, "canonical").unwrap().number(0) == 0 {
        return; // of a newer version: what is not known is not written again
    }
    let blob = config.encode(&Options::new()).unwrap();
    let digest: String =
        config.digest().unwrap().iter().map(|byte| format!("{:02x}", byte)).collect();
    assert_eq!(*blob, *boot.measured());
    assert_eq!(digest.as_bytes(), sample.strings("sha384")[0]);
}

/// Every truncation is refused, and what one changed byte makes is refused or read without harm.
#[test]
fn hostile_blobs_do_no_harm() {
    for sample in samples().iter().filter(|sample| sample.blob.len() < 1500) {
        let measured = Boot::open(&sample.blob).unwrap().measured_size();
        let (mut refused, mut blob) = (0, sample.blob.clone());

        for size in 0..measured {
            // A copy of its own, so that a tool like valgrind sees a byte too far.
            let cut = sample.blob[..size].to_vec();
            assert_eq!(Boot::open(&cut).unwrap_err(), boot::Error::Blob, "{} bytes", size);
        }
        for at in 0..measured {
            for change in [0x01, 0x80, 0xff] {
                blob[at] ^= change;
                refused += usize::from(!read_all(&blob));
                blob[at] ^= change;
            }
        }
        assert!(refused > measured, "{}: {} refused", sample.name.display(), refused);
    }
    for text in [&b""[..], b"OEB1", &[0; 64], &[0xff; 4096]] {
        assert_eq!(Boot::open(text).unwrap_err(), boot::Error::Blob);
    }
}

/// Reads all there is; false if the blob is refused.
fn read_all(blob: &[u8]) -> bool {
    let boot = match Boot::open(blob) {
        Ok(boot) => boot,
        Err(error) => {
            assert_eq!(error, boot::Error::Blob);
            return false;
        }
    };
    let mut slots = vec![Slot::EMPTY; boot.argc().max(boot.envc()) + 1];
    let inside =
        |text: Text<'_>| blob.as_ptr_range().contains(&text.as_ptr().cast()) && !text.contains(&0);

    assert!(boot.argv(&mut slots).unwrap().iter().all(inside));
    assert!(boot.env(&mut slots).unwrap().iter().all(inside));
    assert!(boot.exec().map_or(true, inside) && inside(boot.cwd()));
    assert!(boot.user().unwrap().groups().count() <= blob.len());
    if let Ok(filled) = boot.occlum(&mut slots) {
        assert!(filled.env().chain(filled.entry_point()).all(inside));
    }
    true
}

#[test]
fn too_few_slots_are_an_error() {
    let sample = sample("config-full.oeb");
    let boot = Boot::open(&sample.blob).unwrap();
    let mut slots = [Slot::EMPTY; 6];

    assert_eq!((boot.argc(), boot.envc()), (5, 6));
    assert_eq!(boot.argv(&mut slots).unwrap().len(), 5);
    assert_eq!(boot.argv(&mut slots[..5]).unwrap_err(), boot::Error::Argument);
    assert_eq!(boot.env(&mut slots).unwrap_err(), boot::Error::Argument);
    assert_eq!(boot.env(&mut []).unwrap_err(), boot::Error::Argument);
}

#[test]
fn occlum_gets_its_struct() {
    let sample = sample("config-rootfs.oeb");
    let boot = Boot::open(&sample.blob).unwrap();
    let mut slots = [Slot::EMPTY; 1];
    let mut filled = boot.occlum(&mut slots).unwrap();
    let paths = [
        filled.upper_layer_path(),
        filled.lower_layer_path(),
        filled.entry_point(),
        filled.hostfs_source(),
        filled.hostfs_target(),
    ];

    assert_eq!(bytes(paths.iter().flatten().copied()), sample.strings("rootfs"));
    assert_eq!(filled.env().count(), 0);
    filled.set_lower_layer_path(Text::from_bytes_with_nul(b"/sefs/lower\0"));
    filled.set_hostfs_source(None);
    assert_eq!(filled.lower_layer_path().unwrap().to_bytes(), b"/sefs/lower");
    assert_eq!(filled.hostfs_source(), None);
}

/// What `name` and `value` of config-sealed.oeb must be, and its plain text.
fn open_key(name: Text<'_>, value: &[u8], room: &mut [u8]) -> Option<usize> {
    assert_eq!((name.to_bytes(), value), (&b"KEY"[..], &b"sealed.e30.e30.e30"[..]));
    room.get_mut(..5)?.copy_from_slice(b"plain");
    Some(5)
}

#[test]
fn a_sealed_value_is_opened() {
    let sample = sample("config-sealed.oeb");
    let boot = Boot::open(&sample.blob).unwrap();
    let (mut slots, mut scratch) = ([Slot::EMPTY; 8], [0xaa; 64]);
    let env = boot.env_unsealed(&mut slots, &mut scratch, open_one);
    let env = bytes(env.unwrap().iter());

    assert_eq!(env[0], b"KEY=plain");
    assert_eq!(env[1..4], sample.strings("env")[1..4]);

    let (mut slots, mut scratch) = ([Slot::EMPTY; 8], [0xaa; 64]);
    let filled = boot.occlum_unsealed(&mut slots, &mut scratch, open_one).unwrap();
    assert_eq!(bytes(filled.env()), env);
    assert_eq!(filled.entry_point(), boot.exec());
}

/// The sample has another one, whose sealed text is empty.
fn open_one(name: Text<'_>, value: &[u8], room: &mut [u8]) -> Option<usize> {
    if name.to_bytes() == b"SHORT" {
        assert_eq!(value, b"sealed.");
        room[0] = b'x';
        return Some(1);
    }
    open_key(name, value, room)
}

#[test]
fn unsealing_fails_closed() {
    let sample = sample("config-sealed.oeb");
    let boot = Boot::open(&sample.blob).unwrap();
    let answers: [(Option<usize>, &[u8], boot::Error); 6] = [
        (None, b"", boot::Error::Value),
        (Some(0), b"", boot::Error::Value),
        (Some(usize::MAX), b"", boot::Error::Value),
        (Some(1000), b"", boot::Error::Argument),
        (Some(3), b"a\0b", boot::Error::Encoding),
        (Some(2), b"\xff\xfe", boot::Error::Encoding),
    ];

    for (answer, plain, error) in answers {
        let (mut slots, mut scratch) = ([Slot::EMPTY; 8], [0xaa; 64]);
        let result = boot.env_unsealed(&mut slots, &mut scratch, |_, _, room| {
            room.fill(b's');
            room[..plain.len()].copy_from_slice(plain);
            answer
        });
        assert_eq!(result.unwrap_err(), error);
        assert_eq!(format!("{:?}", slots[0]), "Slot(empty)");
        assert_eq!(scratch, [0; 64]);
    }
    let mut slots = [Slot::EMPTY; 8];
    let result = boot.env_unsealed(&mut slots, &mut [], open_one);
    assert_eq!(result.unwrap_err(), boot::Error::Argument);
}

#[test]
fn a_panic_goes_around_c() {
    let sample = sample("config-sealed.oeb");
    let boot = Boot::open(&sample.blob).unwrap();
    let (mut slots, mut scratch) = ([Slot::EMPTY; 8], [0xaa; 64]);
    let room = (&mut slots[..], &mut scratch[..]);
    let caught = panic::catch_unwind(panic::AssertUnwindSafe(move || {
        let (slots, scratch) = room;
        let result = boot.env_unsealed(slots, scratch, |_, _, room| {
            room.fill(b's');
            panic!("on purpose");
        });
        result.map(|env| env.len())
    }));

    assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"on purpose"));
    assert_eq!(format!("{:?}", slots[0]), "Slot(empty)");
    assert_eq!(scratch, [0; 64]);
}

#[test]
fn texts_have_one_nul() {
    assert_eq!(Text::from_bytes_with_nul(b"a\0").unwrap().to_bytes(), b"a");
    assert_eq!(Text::from_bytes_with_nul(b""), None);
    assert_eq!(Text::from_bytes_with_nul(b"a"), None);
    assert_eq!(Text::from_bytes_with_nul(b"a\0b\0"), None);
    assert_eq!(format!("{:?}", Text::from_bytes_with_nul(b"a\n\"\0").unwrap()), r#""a\n\"""#);
}
