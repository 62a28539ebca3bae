// SPDX-License-Identifier: Apache-2.0
//! The safe interface of libocienv: errors, getters, ownership, threads.
#![cfg(feature = "host")]
mod common;

use common::{records, Folder};
use ocienv::{
    Buffer, Candidate, Cluster, Config, Difference, Document, Error, Exec, Item, Layer, LayerKind,
    Library, Limits, Lookup, Options, Origin, Policy, Ruling, Source, Status, Step, User,
    UserProfile, Verdict, Warning,
};
use std::ffi::CStr;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::os::unix::io::AsFd;
use std::path::Path;
use std::thread;

const IMAGE: &[u8] = br#"{"config": {"Entrypoint": ["run"], "Cmd": ["a", ""],
    "Env": ["PATH=/none:/bin", "A=1"], "WorkingDir": "/w", "User": "5:6"}}"#;

const POD: &[u8] = br#"apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    env:
    - {name: A, value: "2"}
    - name: KEY
      valueFrom: {secretKeyRef: {name: s, key: k}}
    - {name: LD_PRELOAD, value: /x.so}
    - name: IP
      valueFrom: {fieldRef: {fieldPath: status.podIP}}
"#;

const SECRET: &[u8] = b"apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: hidden}
";

fn image() -> Layer {
    Layer::from_image_config(&Document::new("image.json", IMAGE), &Options::new()).unwrap()
}

fn cluster() -> Cluster {
    let mut cluster = Cluster::new(&Options::new()).unwrap();

    cluster.add_objects(&Document::new("secret.yaml", SECRET)).unwrap();
    cluster.add_fact("status.podIP", "10.0.0.5").unwrap();
    cluster
}

fn pod(cluster: &Cluster) -> Layer {
    let options = Options::new().hostname("h");

    Layer::from_pod(&Document::new("pod.yaml", POD), Some(cluster), &options).unwrap()
}

fn text(text: &CStr) -> &str {
    text.to_str().unwrap()
}

/// A root file system with a script, /bin/run, for a program that is there.
fn rootfs() -> Folder {
    let folder = Folder::new();

    records("", &[Path::new("rootfs"), &folder.0.join("rootfs")]);
    folder
}

#[test]
fn errors_have_a_place() {
    let text = b"{\n  \"config\": {\"Cmd\": \"\xc3\xa9\", \"User\": 5}\n}";
    let document = Document::new("image.json", text);
    let error = Layer::from_image_config(&document, &Options::new()).unwrap_err();

    assert_eq!((error.status, error.errno), (Status::Type, 0));
    assert_eq!((error.line, error.column, error.offset), (2, 21, 22));
    assert_eq!((&*error.document, &*error.pointer), ("image.json", "/config/Cmd"));
    assert_eq!(
        error.to_string(),
        format!("image.json:2:21: /config/Cmd: {} [type]", error.message)
    );
    let source: &dyn std::error::Error = &error;
    assert!(source.source().is_none());
}

#[test]
fn errors_without_a_place_say_so() {
    let error = Policy::builtin("nonesuch", &Options::new()).unwrap_err();

    assert_eq!((error.status, error.line), (Status::Argument, 0));
    assert_eq!(error.to_string(), format!("ocienv: {} [argument]", error.message));
}

#[test]
fn nothing_of_a_document_steers_a_terminal() {
    let document = Document::new("a\nb\u{202e}", b"{");
    let error = Layer::from_image_config(&document, &Options::new()).unwrap_err();

    assert!(error.to_string().starts_with("a\\x0ab\\xe2\\x80\\xae:1:"), "{}", error);
}

#[test]
fn a_nul_is_an_error() {
    let options = Options::new();
    let document = Document::new("a\0b", IMAGE);
    let refused = |result: Result<Layer, Error>| {
        let error = result.unwrap_err();
        assert_eq!(error.status, Status::Argument);
        assert!(!error.to_string().contains("a\0b"));
    };
    let image = Document::new("image.json", IMAGE);
    let mut cluster = cluster();

    refused(Layer::from_image_config(&document, &options));
    refused(Layer::from_image_config(&image, &Options::new().workload("a\0b")));
    refused(Layer::from_image_config(&image, &Options::new().container("a\0b")));
    refused(Layer::from_image_config(&image, &Options::new().hostname("a\0b")));
    refused(Layer::from_image_config(&image, &Options::new().library_path(["/a\0b"])));
    refused(Layer::from_image_config(&image, &Options::new().occlum_json(document)));
    assert_eq!(cluster.add_fact("status.podIP\0", "x").unwrap_err().status, Status::Argument);
    assert_eq!(cluster.add_fact("status.podIP", "x\0").unwrap_err().status, Status::Argument);
    assert_eq!(Policy::builtin("observe\0", &options).unwrap_err().status, Status::Argument);
}

#[test]
fn options_reach_the_library() {
    let image = Document::new("image.json", br#"{"config": {"Nonesuch": 1}, "x": 1}"#);
    let few = Options::new().limits(Limits { max_document: 8, ..Limits::default() });
    let on = Options::new().strict(true);
    let read = |options: &Options<'_>| Layer::from_image_config(&image, options);

    assert!(read(&Options::new()).is_ok() && read(&on.clone().strict(false)).is_ok());
    assert_eq!(read(&few).unwrap_err().status, Status::Limit);
    assert_eq!(read(&on).unwrap_err().status, Status::Value);
    // Without a LibOS there is no stack to measure.
    let stack = Options::new().stack_size(4096);
    let layer = read(&Options::new()).unwrap();
    assert_eq!(Config::resolve(&[&layer], None, &stack).unwrap_err().status, Status::Argument);
}

#[test]
fn an_answer_without_a_rootfs() {
    let cluster = cluster();
    let (image, pod) = (image(), pod(&cluster));
    let config = Config::resolve(&[&image, &pod], None, &Options::new()).unwrap();
    let env: Vec<&str> = config.env().map(text).collect();
    let at = env.iter().position(|entry| *entry == "KEY=hidden").expect("KEY");

    drop((cluster, image, pod)); // the config needs none of them
    assert_eq!(config.argv().map(text).collect::<Vec<_>>(), ["run", "a", ""]);
    assert_eq!(config.argv().len(), 3);
    assert!(env.contains(&"A=2") && env.contains(&"IP=10.0.0.5"), "{:?}", env);
    assert_eq!(text(config.cwd()), "/w");
    assert!(config.exec().is_none());
    assert_eq!(config.user().name.map(text), Some("5")); // the kubelet drops the group
    check_origins(&config, &env, at);
    let code = |warning: Warning<'_>| (text(warning.code).to_string(), warning.origin.line);
    let warnings: Vec<_> = config.warnings().map(code).collect();
    assert!(warnings.contains(&("dangerous-name".to_string(), 11)), "{:?}", warnings);
    assert_eq!(config.rulings().count(), 0);
    assert!(!format!("{:?}", config).contains("hidden"));
}

fn check_origins(config: &Config, env: &[&str], key: usize) {
    let a = env.iter().position(|entry| *entry == "A=2").unwrap();
    let of = |item, depth| config.origin(item, depth);
    let (first, before) = (of(Item::Env(a), 0).unwrap(), of(Item::Env(a), 1).unwrap());

    assert_eq!((first.source, first.line), (Source::Pod, 8));
    assert_eq!(first.document.map(text), Some("pod.yaml"));
    assert_eq!((before.source, before.line), (Source::Image, 2));
    assert!(first.lost_in == Step::None && before.lost_in != Step::None);
    assert!(of(Item::Env(a), 2).is_none() && of(Item::Env(env.len()), 0).is_none());
    let secret = of(Item::Env(key), 0).unwrap();
    assert_eq!((secret.source, secret.secret), (Source::Secret, true));
    assert_eq!(of(Item::Argv(0), 0).unwrap().source, Source::Image);
    assert_eq!(of(Item::Cwd, 0).unwrap().source, Source::Image);
    assert_eq!(of(Item::User, 0).unwrap().source, Source::Image);
    assert!(secret.changed == ocienv::Changed::default());
}

#[test]
fn an_answer_in_a_rootfs() {
    let (folder, image) = (rootfs(), image());
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let config = Config::resolve(&[&image], Some(root.as_fd()), &Options::new()).unwrap();
    let exec = config.exec().unwrap();

    assert_eq!((text(exec.path), exec.path_index), ("/bin/run", Some(1)));
    assert_eq!(exec.canonical.map(text), Some("/bin/run"));
    assert_eq!(exec.interpreters.len(), 1);
    assert_eq!(text(exec.interpreters[0].path), "/bin/sh");
    assert_eq!(exec.interpreters[0].arg.map(text), Some("-e"));
    assert_eq!(exec.machine.map(text), Some("x86_64"));
    assert_eq!(exec.elf_type.map(text), Some("dyn"));
    assert_eq!(exec.elf_interp.map(text), Some("/lib/ld.so"));
    let file = File::from(exec.fd.unwrap().try_clone_to_owned().unwrap());
    let metadata = file.metadata().unwrap();
    assert_eq!((metadata.dev(), metadata.ino()), (exec.device, exec.inode));
}

#[test]
fn vectors_are_those_of_execve() {
    let image = image();
    let config = Config::resolve(&[&image], None, &Options::new()).unwrap();

    for (vector, count) in
        [(config.argv_ptr(), config.argv().len()), (config.envp_ptr(), config.env().len())]
    {
        // SAFETY: the vector has that many strings and a NULL.
        unsafe {
            assert!((0..count).all(|at| !(*vector.add(at)).is_null()));
            assert!((*vector.add(count)).is_null());
        }
    }
}

#[test]
fn blobs_go_around() {
    let (options, image) = (Options::new().user(UserProfile::Docker), image());
    let blob = image.encode(&options).unwrap();
    let again = Layer::decode(&Document::new("blob", &blob), &options).unwrap();

    assert_eq!(again.kind(), LayerKind::Image);
    assert_eq!(*again.encode(&options).unwrap(), *blob);
    assert!(image.report(&options).unwrap().ends_with(b"}\n"));

    let folder = rootfs();
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let config = Config::resolve(&[&again], Some(root.as_fd()), &options).unwrap();
    let user = config.user();
    assert_eq!((user.uid, user.gid, user.umask), (5, 6, 0o22));
    assert!(user.groups.contains(&6) && user.name.is_none());
    let mut blob = config.encode(&options).unwrap();
    let read = Config::decode(&Document::new("blob", &blob), &options).unwrap();
    assert_eq!(read.digest().unwrap(), config.digest().unwrap());
    assert!(config.report(&options).unwrap().starts_with(b"{"));
    let manifest = config.gramine(&options).unwrap();
    assert!(manifest.windows(20).any(|part| part == &b"libos.entrypoint = \"/bin/sh"[..20]));
    blob[0] ^= 1;
    let error = Config::decode(&Document::new("blob", &blob), &options).unwrap_err();
    assert_eq!(error.status, Status::Blob);
    assert_eq!(format!("{:?}", blob), format!("Buffer({} bytes)", blob.as_ref().len()));
}

#[test]
fn the_public_form_has_no_secret() {
    let (folder, image, cluster) = (rootfs(), image(), cluster());
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let options = Options::new();
    let layers = [&image, &pod(&cluster)];
    let config = Config::resolve(&layers, Some(root.as_fd()), &options).unwrap();
    let holds = |blob: &[u8], part: &[u8]| blob.windows(part.len()).any(|found| found == part);
    let public = config.encode_public(&[1; 32], &options).unwrap();

    assert!(holds(&config.encode(&options).unwrap(), b"KEY=hidden"));
    assert!(holds(&public, b"KEY=") && !holds(&public, b"hidden"));
    assert_eq!(*config.encode_public(&[1; 32], &options).unwrap(), *public);
    assert_ne!(*config.encode_public(&[2; 32], &options).unwrap(), *public);
    for size in [0, 31, 129] {
        let error = config.encode_public(&vec![1; size], &options).unwrap_err();
        assert_eq!(error.status, Status::Argument);
    }
}

#[test]
fn a_policy_rules_and_pins() {
    let (image, cluster) = (image(), cluster());
    let pod = pod(&cluster);
    let policy = Policy::builtin("image-only", &Options::new()).unwrap();
    let options = Options::new().policy(&policy);
    let config = Config::resolve(&[&image, &pod], None, &options).unwrap();
    let rulings: Vec<Ruling<'_>> = config.rulings().collect();
    let ruled = |name: &str, verdict: &str, source: Source| {
        rulings.iter().any(|ruling| {
            (text(ruling.name), text(ruling.verdict), ruling.source) == (name, verdict, source)
        })
    };

    assert!(config.env().any(|entry| text(entry) == "A=1"));
    assert!(ruled("A", "allowed", Source::Image) && ruled("A", "kept", Source::Pod));
    assert!(ruled("KEY", "dropped", Source::Secret), "{:?}", rulings);

    let observe = Policy::builtin("observe", &Options::new()).unwrap();
    let options = Options::new().policy(&observe);
    let folder = rootfs();
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let root = Some(root.as_fd());
    let config = Config::resolve(&[&image], root, &options).unwrap();
    let pinned = config.pin(&Options::new()).unwrap();
    let pinned = Policy::from_json(&Document::new("policy.json", &pinned), &Options::new());
    let pinned = pinned.unwrap();
    let options = Options::new().policy(&pinned);
    assert!(Config::resolve(&[&image], root, &options).is_ok());
    let error = Config::resolve(&[&image, &pod], root, &options).unwrap_err();
    assert_eq!((error.status, &*error.document), (Status::Policy, "pod.yaml"));
}

#[test]
fn a_lookup_tells_what_it_passed_over() {
    let (folder, image) = (rootfs(), image());
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let options = Options::new();
    let lookup = Lookup::new(&[&image], root.as_fd(), &options).unwrap();
    let candidates: Vec<Candidate<'_>> = lookup.candidates().collect();

    assert_eq!(candidates.len(), 2);
    assert_eq!(text(candidates[0].path), "/none/run");
    assert_eq!(candidates[0].refusal, Some(Status::NotFound));
    assert!(candidates[0].reason.is_some());
    assert_eq!((text(candidates[1].path), candidates[1].refusal), ("/bin/run", None));
    assert!(lookup.status().is_ok());
    let config = lookup.config().expect("an answer");
    assert_eq!(text(config.exec().unwrap().path), "/bin/run");
    let libraries: Vec<Library<'_>> = lookup.libraries().collect();
    assert_eq!((libraries.len(), text(libraries[0].name)), (1, "libabsent.so.1"));
    assert!(libraries[0].path.is_none() && libraries[0].needed_by.is_none());
    assert!(lookup.report(false, &options).unwrap().ends_with(b"}\n"));

    fs::remove_file(folder.0.join("rootfs/bin/run")).unwrap();
    let lookup = Lookup::new(&[&image], root.as_fd(), &options).unwrap();
    assert_eq!(lookup.status().unwrap_err().status, Status::NotFound);
    assert!(lookup.config().is_none());
}

#[test]
fn a_verdict_lists_differences() {
    let spec = br#"{"ociVersion": "1.2.0", "process": {"args": ["run", "a", ""], "cwd": "/w",
        "env": ["PATH=/none:/bin", "EVIL=1"], "user": {"uid": 0, "gid": 0}}}"#;
    let options = Options::new();
    let spec = Layer::from_runtime_spec(&Document::new("config.json", spec), &options).unwrap();
    let verdict = Verdict::new(&[&image(), &spec], None, &options).unwrap();
    let found: Vec<(&str, &str)> = verdict
        .differences()
        .map(|one: Difference<'_>| (text(one.code), text(one.subject)))
        .collect();

    assert!(found.contains(&("dropped", "A")) && found.contains(&("added", "EVIL")), "{:?}", found);
    assert_eq!(verdict.status().unwrap_err().status, Status::Mismatch);
    assert!(verdict.report(&options).unwrap().ends_with(b"}\n"));
}

#[test]
fn every_number_has_a_name() {
    for number in -17..=-1 {
        let status = Status::from_raw(number);
        assert!(!matches!(status, Status::Unknown(_)), "{}", number);
        assert_eq!(status.to_raw(), number);
        assert_eq!(status.name(), status_word(status));
    }
    for number in 0..=10 {
        assert!(!matches!(Source::from_raw(number), Source::Unknown(_)), "{}", number);
    }
    assert_eq!((Status::Unknown(-18).name(), Source::Unknown(11).name()), ("unknown", "unknown"));
    assert_eq!(ocienv::version().split('.').count(), 3);
}

/// The short name is the variant's in lower case, but for one.
fn status_word(status: Status) -> String {
    match status {
        Status::NoMemory => "nomem".to_string(),
        status => format!("{:?}", status).to_lowercase(),
    }
}

fn is_shared<T: Send + Sync>() {}

/// Borrowed values travel as their objects do.
#[test]
fn threads_as_the_header_has_them() {
    is_shared::<Buffer>();
    is_shared::<Cluster>();
    is_shared::<Config>();
    is_shared::<Document<'_>>();
    is_shared::<Error>();
    is_shared::<Layer>();
    is_shared::<Lookup>();
    is_shared::<Options<'_>>();
    is_shared::<Policy>();
    is_shared::<Verdict>();
    is_shared::<(Exec<'_>, Origin<'_>, Ruling<'_>, User<'_>, Warning<'_>)>();
    #[cfg(feature = "boot")]
    is_shared::<(ocienv::boot::Boot<'_>, ocienv::boot::Slot<'_>, ocienv::boot::Text<'_>)>();
}

#[test]
fn many_threads_read_one_object() {
    let cluster = thread::spawn(cluster).join().unwrap(); // made elsewhere, used here
    let (image, first) = (image(), pod(&cluster));
    let folder = rootfs();
    let root = File::open(folder.0.join("rootfs")).unwrap();
    let root = Some(root.as_fd());
    let wanted = Config::resolve(&[&image, &first], root, &Options::new()).unwrap();
    let digest = wanted.digest().unwrap();

    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let pod = pod(&cluster);
                    let config = Config::resolve(&[&image, &pod], root, &Options::new()).unwrap();
                    assert_eq!(config.digest().unwrap(), digest);
                    assert_eq!(wanted.env().count(), config.env().count());
                }
            });
        }
    });
}
