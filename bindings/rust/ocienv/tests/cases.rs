// SPDX-License-Identifier: Apache-2.0
//! The whole situations of tests/cases, through the safe interface.
#![cfg(feature = "host")]
mod common;

use common::{find, records, Folder, Line};
use ocienv::{
    Cluster, Config, Cri, Document, Error, Layer, LibOs, Options, Policy, Runtime, Verdict,
};
use std::collections::BTreeMap;
use std::ffi::CStr;
use std::fs::{self, File};
use std::os::unix::io::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

/// The documents of a case by key, with the names that the case gives them.
struct Files {
    files: BTreeMap<String, Vec<(String, Vec<u8>)>>,
}

impl Files {
    fn read(case: &[Line]) -> Files {
        let folder = PathBuf::from(find(case, "folder").expect("a folder").word());
        let mut files = BTreeMap::new();

        for line in case {
            if ["image", "pod", "spec", "objects", "policy"].contains(&line.key.as_str()) {
                let name = line.text(0).to_string();
                let bytes = match fs::read(folder.join(&name)) {
                    Ok(bytes) => bytes,
                    Err(_) if line.key == "policy" => Vec::new(), // a built-in one
                    Err(error) => panic!("{}: {}", name, error),
                };
                let list: &mut Vec<_> = files.entry(line.key.clone()).or_default();
                list.push((name, bytes));
            }
        }
        Files { files }
    }

    fn all(&self, key: &str) -> impl Iterator<Item = Document<'_>> {
        let list = self.files.get(key).map_or(&[][..], |list| list.as_slice());

        list.iter().map(|(name, bytes)| Document::new(name, bytes))
    }

    fn one(&self, key: &str) -> Option<Document<'_>> {
        self.all(key).next()
    }
}

/// The flags of the command that are options of the library. What is not known fails.
fn options_of(case: &[Line]) -> Options<'static> {
    let mut options = Options::new();

    for line in case.iter().filter(|line| !line.key.starts_with("expect-")) {
        options = match line.key.as_str() {
            "container" => options.container(line.word()),
            "hostname" => options.hostname(line.word()),
            "runtime" => options.runtime(match line.text(0) {
                "runc" => Runtime::Runc,
                "crun" => Runtime::Crun,
                "kata" => Runtime::Kata,
                other => panic!("runtime {:?}", other),
            }),
            "cri" => options.cri(match line.text(0) {
                "containerd" => Cri::Containerd,
                "crio" => Cri::Crio,
                other => panic!("cri {:?}", other),
            }),
            "libos" => options.libos(match line.text(0) {
                "occlum" => LibOs::Occlum,
                "gramine" => LibOs::Gramine,
                other => panic!("libos {:?}", other),
            }),
            "accept-root" => options.accept_root(line.text(0) == "True"),
            "policy" => options.keep_digest(true),
            "library-path" => options.library_path(
                case.iter().filter(|line| line.key == "library-path").map(Line::word),
            ),
            "case" | "folder" | "rootfs" | "image" | "pod" | "spec" | "objects" => options,
            other => panic!("what is {:?}?", other),
        };
    }
    options
}

fn policy_of(files: &Files, options: &Options<'_>) -> Result<Option<Policy>, Error> {
    let (name, document) = match files.files.get("policy") {
        None => return Ok(None),
        Some(list) => (&list[0].0, Document::new(&list[0].0, &list[0].1)),
    };

    match Policy::builtin(name, options) {
        Ok(policy) => Ok(Some(policy)),
        Err(_) => Policy::from_json(&document, options).map(Some),
    }
}

fn layers_of(files: &Files, options: &Options<'_>) -> Result<Vec<Layer>, Error> {
    let mut layers = Vec::new();
    let mut cluster = Cluster::new(options)?;

    for objects in files.all("objects") {
        cluster.add_objects(&objects)?;
    }
    if let Some(image) = files.one("image") {
        layers.push(Layer::from_image_config(&image, options)?);
    }
    if let Some(spec) = files.one("spec") {
        layers.push(Layer::from_runtime_spec(&spec, options)?);
    }
    if let Some(pod) = files.one("pod") {
        layers.push(Layer::from_pod(&pod, Some(&cluster), options)?);
    }
    Ok(layers)
}

/// As the command does it: three documents are verified, fewer are resolved.
fn answer(case: &[Line]) -> Result<Option<Config>, Error> {
    let files = Files::read(case);
    let options = options_of(case);
    let policy = policy_of(&files, &options)?;
    let options = match &policy {
        Some(policy) => options.policy(policy),
        None => options,
    };
    let layers = layers_of(&files, &options)?;
    let layers: Vec<&Layer> = layers.iter().collect();
    let root = File::open(Path::new(&find(case, "rootfs").expect("a rootfs").word()));
    let root = root.expect("the rootfs that lines.py built");
    let root: Option<BorrowedFd<'_>> = Some(root.as_fd());

    if layers.len() < 3 {
        return Config::resolve(&layers, root, &options).map(Some);
    }
    Verdict::new(&layers, root, &options)?.status()?;
    Ok(None)
}

/// NAME=VALUE in the order of the answer.
fn environment(config: &Config) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut env = BTreeMap::new();

    for entry in config.env().map(CStr::to_bytes) {
        let at = entry.iter().position(|byte| *byte == b'=').expect("NAME=VALUE");
        let before = env.insert(entry[..at].to_vec(), entry[at + 1..].to_vec());
        assert_eq!(before, None, "{:?} stands twice", entry);
    }
    env
}

fn check_user(line: &Line, config: &Config) {
    let user = config.user();

    assert_eq!(user.name, None);
    match line.text(0) {
        "uid" => assert_eq!(user.uid, line.number(1)),
        "gid" => assert_eq!(user.gid, line.number(1)),
        "groups" => {
            let groups: Vec<u32> = (1..line.words.len()).map(|at| line.number(at)).collect();
            assert_eq!(user.groups, groups);
        }
        other => panic!("what is {:?} of a user?", other),
    }
}

fn check_line(line: &Line, case: &[Line], config: &Config) {
    let env = environment(config);
    let text = |text: Option<&CStr>| text.map(|text| text.to_bytes().to_vec());

    match line.key.as_str() {
        "expect-exec" => {
            let exec = config.exec().expect("a program");
            assert_eq!(exec.path.to_bytes(), line.words[0]);
        }
        "expect-canonical" => {
            assert_eq!(text(config.exec().and_then(|e| e.canonical)), Some(line.words[0].clone()));
        }
        "expect-argv" => {
            let argv: Vec<&[u8]> = config.argv().map(CStr::to_bytes).collect();
            assert_eq!(argv, line.words);
        }
        "expect-env" => {
            let all = case.iter().filter(|other| other.key == "expect-env").count();
            assert_eq!((env.get(&line.words[0]), env.len()), (Some(&line.words[1]), all));
        }
        "expect-env_has" => assert_eq!(env.get(&line.words[0]), Some(&line.words[1])),
        "expect-env_lacks" => {
            assert!(line.words.iter().all(|name| !env.contains_key(name)));
        }
        "expect-cwd" => assert_eq!(config.cwd().to_bytes(), line.words[0]),
        "expect-user" => check_user(line, config),
        "expect-warning" => {
            assert!(config.warnings().any(|warning| warning.code.to_bytes() == line.words[0]));
        }
        other => panic!("what is {:?}?", other),
    }
}

fn check_refusal(case: &[Line], error: &Error) {
    let wanted = find(case, "expect-error").unwrap_or_else(|| panic!("{}", error));

    assert_eq!(error.status.name(), wanted.text(0), "{}", error);
    if let Some(at) = find(case, "expect-at") {
        assert_eq!(format!("{}:{}:{}", error.document, error.line, error.column), at.text(0));
        assert!(error.to_string().starts_with(&format!("{}: ", at.text(0))), "{}", error);
    }
}

#[test]
fn all_of_them() {
    let place = Folder::new();
    let cases = records("case", &[Path::new("cases"), &place.0]);
    let (mut answers, mut refusals) = (0, 0);

    for case in &cases {
        let wanted: Vec<&Line> =
            case.iter().filter(|line| line.key.starts_with("expect-")).collect();
        println!("{}", case[0].text(0));
        match answer(case) {
            Err(error) => {
                check_refusal(case, &error);
                refusals += 1;
            }
            Ok(config) => {
                assert!(find(case, "expect-error").is_none(), "expected a refusal");
                let config = config.expect("a verdict of no differences is not what a case asks");
                wanted.iter().for_each(|line| check_line(line, case, &config));
                answers += 1;
            }
        }
    }
    let errors = cases.iter().filter(|case| find(case, "expect-error").is_some());
    assert_eq!(refusals, errors.count());
    assert!(answers >= 30 && refusals >= 20, "{} answers, {} refusals", answers, refusals);
}
