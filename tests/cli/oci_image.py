# SPDX-License-Identifier: Apache-2.0
"""Image layouts as tests write them."""
import hashlib
import json

OCI = "application/vnd.oci.image."
DOCKER = "application/vnd.docker."
INDEX, MANIFEST, CONFIG = (OCI + kind for kind in ("index.v1+json", "manifest.v1+json",
                                                   "config.v1+json"))
DOCKER_LIST = DOCKER + "distribution.manifest.list.v2+json"
DOCKER_MANIFEST = DOCKER + "distribution.manifest.v2+json"
DOCKER_CONFIG = DOCKER + "container.image.v1+json"
TAG = "org.opencontainers.image.ref.name"


class Layout:
    """A directory; each of its methods adds something, and answers its descriptor."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        (path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def blob_path(self, descriptor):
        """The file that a descriptor is about."""
        return self.path / "blobs" / descriptor["digest"].replace(":", "/")

    def blob(self, media_type, content, algorithm="sha256", **more):
        """Bytes as they are, else JSON."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        digest = hashlib.new(algorithm, data).hexdigest()
        found = {"mediaType": media_type, "digest": f"{algorithm}:{digest}", "size": len(data)}
        self.blob_path(found).parent.mkdir(parents=True, exist_ok=True)
        self.blob_path(found).write_bytes(data)
        return {**found, **more}

    def image(self, word, **more):
        """A manifest of an image that executes sh with that word."""
        config = self.blob(CONFIG, {"os": "linux", "config": {"Cmd": ["sh", word], "User": "7:8"}})
        return self.manifest(config, **more)

    def manifest(self, config, **more):
        """The manifest of a config."""
        return self.blob(MANIFEST, {"schemaVersion": 2, "mediaType": MANIFEST, "config": config,
                                    "layers": []}, **more)

    def nested(self, *manifests, **more):
        """An index that is a blob."""
        return self.blob(INDEX, {"schemaVersion": 2, "mediaType": INDEX,
                                 "manifests": list(manifests)}, **more)

    def index(self, *manifests):
        """index.json; answers its text."""
        text = json.dumps({"schemaVersion": 2, "manifests": list(manifests)})
        (self.path / "index.json").write_text(text)
        return text


def tag(name):
    """The member of a descriptor that names it."""
    return {"annotations": {TAG: name}}


def platform(architecture, variant=None, system="linux"):
    """The member of a descriptor that says where it runs."""
    words = {"os": system, "architecture": architecture}
    return {"platform": {**words, "variant": variant} if variant else words}
