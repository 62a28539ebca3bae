# SPDX-License-Identifier: Apache-2.0
# Completion of ocienv(1) for bash. Needs nothing of bash-completion.

# The flags of a subcommand.
_ocienv_flags() {
	local inputs='--image --oci-layout --platform --pod --spec --layer --objects --fact --pod-kind --workload
		--container --hostname --runtime --cri --user-profile --cri-direct --strict
		--lenient --digests'
	local libos='--libos --stack-size --library-path --occlum-json --accept-root --policy'

	case $1 in
	resolve) echo "$inputs $libos --rootfs --bundle --output --digest-key --show-secrets -o --help -h" ;;
	explain) echo "$inputs $libos --rootfs --bundle --output --show-secrets --exec --help -h" ;;
	verify) echo "$inputs --rootfs --bundle --output --help -h" ;;
	policy) echo "$inputs --rootfs --bundle -o --help -h" ;;
	layer) echo "$inputs -o --help -h" ;;
	show) echo "--output --digest-key --show-secrets -o --help -h" ;;
	esac
}

# The forms of a subcommand's output.
_ocienv_forms() {
	case $1 in
	resolve | show) echo "text json blob env0 argv0 occlum gramine public" ;;
	*) echo "text json" ;;
	esac
}

# The words that a flag of a subcommand takes.
_ocienv_values() {
	case $2 in
	--pod-kind) echo "object podspec container" ;;
	--runtime) echo "runc runc-1.1 runc-1.2 runc-1.3 crun crun-1.8 kata execvp" ;;
	--cri) echo "containerd crio" ;;
	--user-profile) echo "strict containerd containerd-1.7 crio docker" ;;
	--libos) echo "occlum gramine" ;;
	--output) _ocienv_forms "$1" ;;
	--policy) echo "image-only observe" ;;
	esac
}

# Names of files, or of directories alone (-d).
_ocienv_files() {
	local name

	compopt -o filenames 2>/dev/null
	while IFS= read -r name; do
		COMPREPLY+=("$name")
	done < <(compgen "$@")
}

_ocienv() {
	local cur=$2 before=${COMP_WORDS[COMP_CWORD - 1]} sub=${COMP_WORDS[1]}

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W 'resolve verify explain policy layer show help --help -h \
			--version' -- "$cur"))
		return
	fi
	if [ "$sub" = help ]; then
		COMPREPLY=($(compgen -W 'resolve verify explain policy layer show' -- "$cur"))
		return
	fi
	# "--flag=value" comes as three words.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $before in
	--pod-kind | --runtime | --cri | --user-profile | --libos | --output)
		COMPREPLY=($(compgen -W "$(_ocienv_values "$sub" "$before")" -- "$cur"))
		;;
	--policy)
		COMPREPLY=($(compgen -W "$(_ocienv_values "$sub" "$before")" -- "$cur"))
		_ocienv_files -f -- "$cur"
		;;
	--image | --pod | --spec | --layer | --objects | --occlum-json | --digest-key | -o)
		_ocienv_files -f -- "$cur"
		;;
	--rootfs | --bundle | --oci-layout) _ocienv_files -d -- "$cur" ;;
	--fact | --platform | --workload | --container | --hostname | --stack-size | --library-path) ;;
	*)
		if [ "$sub" = show ] && [[ $cur != -* ]]; then
			_ocienv_files -f -- "$cur"
		elif [[ $cur == -* || $sub != explain ]]; then
			COMPREPLY=($(compgen -W "$(_ocienv_flags "$sub")" -- "$cur"))
		fi
		;;
	esac
}

complete -F _ocienv ocienv
