// SPDX-License-Identifier: Apache-2.0
//! resolve [--image FILE] [--spec FILE] [--pod FILE] [--objects FILE]...
//!         [--fact KEY=VALUE]... [--rootfs DIR] [--blob FILE]
//!
//! Documents to an answer, as an agent does it: which file, which arguments, which variables and
//! where each comes from. With --blob, the CONFIG blob for the enclave goes to FILE, and its digest
//! is printed. Values of variables are not shown: they can be secrets.
use ocienv::{Cluster, Config, Document, Item, Layer, Options};
use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::io::AsFd;
use std::process::exit;

#[derive(Default)]
struct Args {
    image: Option<OsString>,
    spec: Option<OsString>,
    pod: Option<OsString>,
    objects: Vec<OsString>,
    facts: Vec<OsString>,
    rootfs: Option<OsString>,
    blob: Option<OsString>,
}

fn usage() -> ! {
    eprintln!(
        "usage: resolve [--image FILE] [--spec FILE] [--pod FILE] [--objects FILE]... \
         [--fact KEY=VALUE]... [--rootfs DIR] [--blob FILE]"
    );
    exit(2)
}

fn read_args() -> Args {
    let mut args = Args::default();
    let mut words = std::env::args_os().skip(1);

    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_else(|| usage());
        match word.to_str() {
            Some("--image") => args.image = Some(value),
            Some("--spec") => args.spec = Some(value),
            Some("--pod") => args.pod = Some(value),
            Some("--objects") => args.objects.push(value),
            Some("--fact") => args.facts.push(value),
            Some("--rootfs") => args.rootfs = Some(value),
            Some("--blob") => args.blob = Some(value),
            _ => usage(),
        }
    }
    args
}

fn read_layers(args: &Args, options: &Options<'_>) -> Result<Vec<Layer>, Box<dyn Error>> {
    let mut layers = Vec::new();
    let mut cluster = Cluster::new(options)?;

    for name in &args.objects {
        cluster.add_objects(&Document::new(name, &fs::read(name)?))?;
    }
    for fact in &args.facts {
        let fact = fact.to_string_lossy();
        let (key, value) = fact.split_once('=').unwrap_or_else(|| usage());
        cluster.add_fact(key, value)?;
    }
    if let Some(name) = &args.image {
        layers.push(Layer::from_image_config(&Document::new(name, &fs::read(name)?), options)?);
    }
    if let Some(name) = &args.spec {
        layers.push(Layer::from_runtime_spec(&Document::new(name, &fs::read(name)?), options)?);
    }
    if let Some(name) = &args.pod {
        let document = fs::read(name)?;
        layers.push(Layer::from_pod(&Document::new(name, &document), Some(&cluster), options)?);
    }
    Ok(layers)
}

fn show(config: &Config) {
    match config.exec() {
        Some(exec) => println!("exec: {:?}", exec.path),
        None => println!("exec: no rootfs to look in"),
    }
    println!("cwd: {:?}", config.cwd());
    for argument in config.argv() {
        println!("argv: {:?}", argument);
    }
    for (index, entry) in config.env().enumerate() {
        let name = entry.to_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
        let source = config.origin(Item::Env(index), 0).map(|origin| origin.source.name());
        println!("env: {} from {}", name.escape_ascii(), source.unwrap_or("nowhere"));
    }
    for warning in config.warnings() {
        println!("warning: {:?} {:?}: {:?}", warning.code, warning.subject, warning.message);
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let options = Options::new();
    let layers = read_layers(args, &options)?;
    let layers: Vec<&Layer> = layers.iter().collect();
    let rootfs = args.rootfs.as_ref().map(File::open).transpose()?;
    let config = Config::resolve(&layers, rootfs.as_ref().map(AsFd::as_fd), &options)?;

    show(&config);
    if let Some(name) = &args.blob {
        fs::write(name, &*config.encode(&options)?)?;
        let digest = config.digest()?;
        let digest: String = digest.iter().map(|byte| format!("{:02x}", byte)).collect();
        println!("sha384: {}", digest);
    }
    Ok(())
}

fn main() {
    if let Err(error) = run(&read_args()) {
        eprintln!("{}", error);
        exit(1);
    }
}
