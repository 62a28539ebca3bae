# SPDX-License-Identifier: Apache-2.0
# Completion of ocienv(1) for fish.

set -l subcommands resolve verify explain policy layer show
complete -c ocienv -f
complete -c ocienv -n "not __fish_seen_subcommand_from $subcommands" -s h -l help -d 'How to use it'
complete -c ocienv -n "not __fish_seen_subcommand_from $subcommands" -l version -d 'Version of the library'

function __ocienv_subcommand -a name about
    complete -c ocienv -n __fish_use_subcommand -a $name -d $about
end

# The subcommands that take it, its name, what it is about, and what stands behind it.
function __ocienv_flag -a takers name about
    complete -c ocienv -n "__fish_seen_subcommand_from $takers" -l $name -d $about $argv[4..]
end

__ocienv_subcommand resolve 'The answer'
__ocienv_subcommand verify 'What did the host drop, change, add?'
__ocienv_subcommand explain 'Where values come from'
__ocienv_subcommand policy 'A policy that pins the answer'
__ocienv_subcommand layer 'One document as a blob'
__ocienv_subcommand show 'Read a blob back'
__ocienv_subcommand help 'How to use a subcommand'
complete -c ocienv -n '__fish_seen_subcommand_from help' -xa "$subcommands"

set -l inputs 'resolve verify explain policy layer'
__ocienv_flag $inputs image 'Image config (JSON)' -rF
__ocienv_flag $inputs oci-layout 'The image config in an OCI image layout' -xa '(__fish_complete_directories)'
__ocienv_flag $inputs platform 'Which image of the layout' -x
__ocienv_flag $inputs pod 'Pod or workload (YAML or JSON)' -rF
__ocienv_flag $inputs spec 'OCI runtime spec' -rF
__ocienv_flag $inputs layer 'A layer blob in place of a document' -rF
__ocienv_flag $inputs objects 'ConfigMaps, Secrets, Services' -rF
__ocienv_flag $inputs fact 'What no document holds' -x
__ocienv_flag $inputs pod-kind 'What the file of the pod is' -xa 'object podspec container'
__ocienv_flag $inputs workload 'Which workload of the file' -x
__ocienv_flag $inputs container 'Which container of the pod' -x
__ocienv_flag $inputs hostname 'Host name of the sandbox' -x
__ocienv_flag $inputs runtime 'Whose last step' -xa 'runc runc-1.1 runc-1.2 runc-1.3 crun crun-1.8 kata execvp'
__ocienv_flag $inputs cri 'Whose merge' -xa 'containerd crio'
__ocienv_flag $inputs user-profile 'Who looks the user up' -xa 'strict containerd containerd-1.7 crio docker'
__ocienv_flag $inputs cri-direct 'There is no kubelet'
__ocienv_flag $inputs strict 'Unknown fields are errors'
__ocienv_flag $inputs lenient 'Malformed variables as kubelet and runtime take them'
__ocienv_flag $inputs digests 'A blob tells what it was made from'

set -l libos 'resolve explain'
__ocienv_flag $libos libos 'Can it run there?' -xa 'occlum gramine'
__ocienv_flag $libos stack-size 'Of the first stack' -x
__ocienv_flag $libos library-path 'Goes in front of LD_LIBRARY_PATH' -x
__ocienv_flag $libos occlum-json 'What the enclave is built from' -rF
__ocienv_flag $libos accept-root 'Occlum may run it as root'
__ocienv_flag $libos policy 'What may set what' -rFa 'image-only observe'

__ocienv_flag 'resolve verify explain policy' rootfs 'Root of the container' -xa '(__fish_complete_directories)'
__ocienv_flag 'resolve verify explain policy' bundle 'An OCI bundle' -xa '(__fish_complete_directories)'
__ocienv_flag 'resolve show' output 'Form of the answer' -xa 'text json blob env0 argv0 occlum gramine public'
__ocienv_flag 'resolve show' digest-key 'Of the form public' -rF
__ocienv_flag 'verify explain' output 'Form of the answer' -xa 'text json'
__ocienv_flag 'resolve explain show' show-secrets 'Do not mask values of Secrets'
__ocienv_flag explain exec 'What is executed, and what was passed over'
__ocienv_flag "$subcommands" help 'What it takes' -s h
complete -c ocienv -n '__fish_seen_subcommand_from resolve policy layer show' -s o -d 'Write there' -rF
complete -c ocienv -n '__fish_seen_subcommand_from show' -F

functions -e __ocienv_subcommand __ocienv_flag
