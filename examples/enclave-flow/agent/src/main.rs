// SPDX-License-Identifier: Apache-2.0
//! agent IMAGE ROOTFS POLICY SOCKET INIT-SOCKET [MILLISECONDS]
//!
//! What runs in the enclave that the host cannot look into. It has the image config and the mounted
//! root filesystem, both verified before, and the policy of whoever owns the container. From the
//! host it takes one thing: the layer blob that a shim sends to SOCKET. What comes out goes to
//! INIT-SOCKET as a config blob. The shim is told a status and nothing more.
//!
//! Nothing that a shim does ends the agent. It serves one after the other, each for MILLISECONDS (2000)
//! at most.
use frame::{Broken, Channel};
use ocienv::{Config, Document, Layer, LayerKind, Options, Policy};
use std::error::Error;
use std::fs::{self, File};
use std::os::unix::io::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::time::Duration;

/// A usual layer has some kilobytes.
const LARGEST_LAYER: usize = 1 << 20;
const LARGEST_REPLY: usize = 32;
/// With the init, which nobody has a reason to hurry.
const PATIENCE: Duration = Duration::from_secs(10);

/// All that the host has no part in.
struct Agent {
    image: Layer,
    rootfs: File,
    policy: Policy,
    init: PathBuf,
    most: Duration,
}

/// The status is for the shim, the message for the agent's own log.
struct Refusal {
    status: String,
    message: String,
}

impl Refusal {
    fn new(status: &str, message: &str) -> Refusal {
        Refusal { status: status.to_string(), message: format!("{} [{}]", message, status) }
    }
}

impl From<ocienv::Error> for Refusal {
    fn from(error: ocienv::Error) -> Refusal {
        Refusal { status: error.status.name().to_string(), message: error.to_string() }
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Refusal {
        Refusal::new(broken.status(), &broken.to_string())
    }
}

impl Agent {
    fn start(image: &Path, rootfs: &Path, policy: &Path) -> Result<Agent, Box<dyn Error>> {
        // A policy may say which image it is for, by the SHA-256 of the image config.
        let options = Options::new().keep_digest(true);
        let image = Layer::from_image_config(&Document::new(image, &fs::read(image)?), &options)?;
        let policy = Policy::from_json(&Document::new(policy, &fs::read(policy)?), &options)?;
        let rootfs = File::open(rootfs)?;

        Ok(Agent { image, rootfs, policy, init: PathBuf::new(), most: Duration::from_secs(2) })
    }

    /// From the shim's blob to the one for the init.
    fn resolve(&self, layer: &[u8]) -> Result<Config, Refusal> {
        let layer = Layer::decode(&Document::new("layer", layer), &Options::new())?;

        // What kind of document a layer comes from is what the host says. As an image it would be
        // believed what an image is believed.
        if layer.kind() != LayerKind::Runtime {
            return Err(Refusal::new("type", "layer: expected that of a runtime spec"));
        }
        let options = Options::new().policy(&self.policy);
        Ok(Config::resolve(&[&self.image, &layer], Some(self.rootfs.as_fd()), &options)?)
    }

    /// The attested channel: whoever listens there is the init that was measured.
    fn hand_over(&self, blob: &[u8]) -> Result<(), Refusal> {
        let stream = UnixStream::connect(&self.init)
            .map_err(|error| Refusal::new("system", &format!("init: {}", error)))?;
        let mut init = Channel::new(stream, PATIENCE);

        init.send(blob)?;
        let reply = init.receive(LARGEST_REPLY)?;
        match std::str::from_utf8(&reply) {
            Ok("ok") => Ok(()),
            Ok(status) if !status.is_empty() && status.bytes().all(|b| b.is_ascii_lowercase()) => {
                Err(Refusal::new(status, "init: refused"))
            }
            _ => Err(Refusal::new("system", "init: expected a status")),
        }
    }

    fn serve(&self, shim: &mut Channel) -> Result<String, Refusal> {
        let config = self.resolve(&shim.receive(LARGEST_LAYER)?)?;
        let digest = config.digest()?;

        self.hand_over(&config.encode(&Options::new())?)?;
        Ok(digest.iter().map(|byte| format!("{:02x}", byte)).collect())
    }

    fn converse(&self, stream: UnixStream) {
        let mut shim = Channel::new(stream, self.most);
        let reply = match self.serve(&mut shim) {
            Ok(digest) => {
                eprintln!("agent: handed over sha384:{}", digest);
                "ok".to_string()
            }
            Err(refusal) => {
                eprintln!("agent: {}", refusal.message);
                refusal.status
            }
        };
        // Who was too slow is told so.
        shim.extend(self.most);
        if let Err(broken) = shim.send(reply.as_bytes()) {
            eprintln!("agent: reply: {}", broken);
        }
    }
}

fn run(args: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let mut agent = Agent::start(&args[0], &args[1], &args[2])?;
    let listener = frame::listen(&args[3])?;

    agent.init = args[4].clone();
    if let Some(most) = args.get(5) {
        agent.most = Duration::from_millis(most.to_string_lossy().parse()?);
    }
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => agent.converse(stream),
            Err(error) => {
                // Out of descriptors or memory, maybe: not again at once.
                eprintln!("agent: {}", error);
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
    Ok(())
}

fn main() {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();

    if args.len() < 5 || args.len() > 6 {
        eprintln!("usage: agent IMAGE ROOTFS POLICY SOCKET INIT-SOCKET [MILLISECONDS]");
        exit(2);
    }
    if let Err(error) = run(&args) {
        eprintln!("agent: {}", error);
        exit(1);
    }
}
